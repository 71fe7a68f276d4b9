import SchemaBuilder from '@pothos/core';
import type { Context } from '../context.ts';

export const builder = new SchemaBuilder<{
  Context: Context;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: never; Output: string };
    JSON: { Input: never; Output: unknown };
    Nanoseconds: { Input: never; Output: number };
  };
}>({ defaultFieldNullability: false });

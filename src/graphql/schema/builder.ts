import SchemaBuilder from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import FederationPlugin from '@pothos/plugin-federation';
import { DEFAULT_LIST_ROWS } from '../../runs/limits.ts';
import type { Context } from '../context.ts';

export interface SchemaTypes {
  Context: Context;
  DefaultFieldNullability: false;
  Directives: {
    /** What a router needs to know of a list to tell the cost of a query before it is run. */
    listSize: {
      locations: 'FIELD_DEFINITION';
      args: {
        assumedSize: number;
        slicingArguments: string[];
        sizedFields: string[];
        requireOneSlicingArgument: boolean;
      };
    };
    /** What a field costs besides what it returns. */
    cost: { locations: 'FIELD_DEFINITION'; args: { weight: number } };
  };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: never; Output: string };
    JSON: { Input: never; Output: unknown };
    Nanoseconds: { Input: never; Output: number };
  };
}

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [DirectivesPlugin, FederationPlugin],
  defaultFieldNullability: false,
});

/** For fields that are answered with one page of runs. */
export const RUN_LIST_DIRECTIVES = {
  cost: { weight: 5 },
  listSize: {
    assumedSize: DEFAULT_LIST_ROWS,
    slicingArguments: ['first', 'last'],
    sizedFields: ['edges', 'nodes'],
    requireOneSlicingArgument: false,
  },
};

/** For fields that are answered by looking one thing up. */
export const LOOK_UP_DIRECTIVES = { cost: { weight: 2 } };

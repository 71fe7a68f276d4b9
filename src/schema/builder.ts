import SchemaBuilder from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import type { Context } from '../loaders/context.ts';
import type { RunPartName } from '../runs/runs-source.ts';

export interface SchemaTypes {
  Context: Context;
  DefaultFieldNullability: false;
  Directives: {
    /** Tells routers the size of a list, so that they can compute the cost of a query in advance. */
    listSize: {
      locations: 'FIELD_DEFINITION';
      args: {
        assumedSize: number;
        slicingArguments?: string[];
        sizedFields?: string[];
        requireOneSlicingArgument?: boolean;
      };
    };
    /** The cost of a field itself, without its subfields, or of an argument that is given. */
    cost: { locations: 'FIELD_DEFINITION' | 'ARGUMENT_DEFINITION'; args: { weight: number } };
    /** Another subgraph may have the field as well. */
    shareable: { locations: 'FIELD_DEFINITION'; args: Readonly<Record<string, never>> };
  };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: string; Output: string };
    JSON: { Input: unknown; Output: unknown };
    BigInt: { Input: never; Output: number };
    /** A reference of a federation router; clients never get one. */
    _Any: { Input: unknown; Output: never };
    Nanoseconds: { Input: number | string; Output: number };
  };
}

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [DirectivesPlugin],
  directives: { useGraphQLToolsUnorderedDirectives: true },
  defaultFieldNullability: false,
});

/** The types that Pothos infers from {@link SchemaTypes}. */
export type Types = typeof builder.$inferSchemaTypes;

/**
 * For fields that count a list, of which they may read `SCAN_BUDGET` rows, 5,000 by default: a row that is counted costs a
 * tenth of a row that is shown.
 */
export const COUNT_DIRECTIVES = { cost: { weight: 500 } };

/** Directives of a list without a size argument: routers would assume ten items. */
export const ONE_ITEM = { listSize: { assumedSize: 1 } };

/** The price of looking up an object by its id. */
export const LOOK_UP_WEIGHT = 2;
/** Options of a field that looks up something that may be missing. */
export const LOOKED_UP = { nullable: true, directives: { cost: { weight: LOOK_UP_WEIGHT } } } as const;

/**
 * For fields of an object that one upstream request answers together. Routers add up the cost of each;
 * the engine counts it once for an object.
 *
 * @param request the request; `itself` is the look-up of the object, which may have been paid for
 */
export function sharing(request: 'itself' | RunPartName) {
  return { sharesRequest: request };
}

import { assert, property } from 'fast-check';
import {
  buildSchema,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
} from 'graphql';
import { expect, it } from 'vitest';
import { createEngine } from '../../src/engine/index.ts';
import { schema } from '../../src/schema/index.ts';
import { printed, pricedQueries } from '../support/priced-queries.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { staticPrice } from '../support/static-price.ts';

const engine = createEngine({ schema, copiesRows: true, maxCost: 1e9, maxResponseBytes: 1e9 });

function priceOf(query: string): number {
  const operation = engine.prepare({ query, variables: {}, operationName: undefined });
  if (!('cost' in operation)) throw new Error(operation.map(({ message }) => message).join());
  return operation.cost.cost;
}

it('The engine says what a router works out of the SDL, for any query with sizes', () => {
  const seen = new Set<string>();
  assert(
    property(pricedQueries, (query) => {
      for (const [name = ''] of query.matchAll(/\w+(?=[( ])/g)) seen.add(name);
      expect(priceOf(query), query).toBe(staticPrice(query, printed, { addsTypes: false }));
    }),
    { numRuns: propertyRuns(300) },
  );
  for (const name of ['tags', 'steps', 'messages', 'byModel', 'byAgent', 'edges', 'agent']) {
    expect(seen).toContain(name);
  }
});

/** The lists of a schema that nothing tells the size of. */
function unsizedLists(types: GraphQLSchema): readonly string[] {
  const fields = Object.values(types.getTypeMap()).flatMap((type) => {
    if (type.name.startsWith('__') || !(isObjectType(type) || isInterfaceType(type))) return [];
    return Object.values(type.getFields()).map((field) => {
      const size = field.astNode?.directives?.find(({ name }) => name.value === 'listSize');
      const names = size?.arguments?.find(({ name }) => name.value === 'sizedFields')?.value;
      const sized = names !== undefined && 'values' in names ? names.values : [];
      return { coordinate: `${type.name}.${field.name}`, field, isSized: size !== undefined, sized };
    });
  });
  const sized = new Set(
    fields.flatMap(({ field, sized: below }) =>
      below.map((each) => `${getNamedType(field.type).name}.${'value' in each ? each.value : ''}`),
    ),
  );
  return fields
    .filter(({ field, isSized }) => isListType(getNullableType(field.type)) && !isSized)
    .map(({ coordinate }) => coordinate)
    .filter((coordinate) => !sized.has(coordinate));
}

it('Every list of the SDL has a size, so that no router assumes one', () => {
  expect(unsizedLists(printed)).toEqual([]);
  expect(unsizedLists(buildSchema('type Query { a: [Int] }'))).toEqual(['Query.a']);
});

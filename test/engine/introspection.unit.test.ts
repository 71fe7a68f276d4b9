import * as fc from 'fast-check';
import { executeSync, getIntrospectionQuery, Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { countIntrospected } from '../../src/engine/cost/introspected-values.ts';
import { mergeSelections } from '../../src/engine/documents/merge-selections.ts';
import { createEngine } from '../../src/engine/index.ts';
import { schema } from '../../src/schema/index.ts';
import { propertyRuns } from '../support/property-runs.ts';

/** What tools send: the least, and everything that there is. */
const QUERIES = {
  'graphql-js': getIntrospectionQuery(),
  'graphql-js, with all options': getIntrospectionQuery({
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  }),
};

describe.each(Object.entries(QUERIES))('The introspection query of %s', (_name, query) => {
  it.each([1, 10_000])('is answered with a maximum cost of %i', async (maxCost) => {
    const engine = createEngine({ schema, copiesRows: true, maxCost, maxResponseBytes: 1e9 });
    const operation = engine.prepare({ query, operationName: undefined, variables: {} });
    if (!('execute' in operation)) throw operation[0];
    expect(operation.cost.cost).toBe(0);
    const { data } = await operation.execute(undefined);
    expect(JSON.parse(String(data))).toEqual(
      JSON.parse(JSON.stringify(executeSync({ schema, document: parse(query) }))),
    );
  });
});

describe('Introspection', () => {
  it('is counted as many values as it gives', () => {
    fc.assert(
      fc.property(anyOf('type', 6), (selection) => {
        const query = `{ __schema { types ${selection} directives { args { type ${selection} } } } }`;
        expect(counted(query)).toBe(given(query));
      }),
      { numRuns: propertyRuns(300) },
    );
  });

  it.each([
    '{ __type(name: "Run") { fields { name } } }',
    'query ($n: String!) { __type(name: $n) { name } }',
  ])('%s is counted for all types', (query) => {
    const all = query.replace(/__type\(.*?\)/, '__schema { types').replace(/\}$/, '} }');
    expect(counted(query)).toBe(given(all.replace(/^query \(.*?\)/, '')) - 1);
  });

  it('is infinite beyond the limit', () => {
    const query = `{ __schema { types ${'{ fields { type '.repeat(30)}{ name }${' } }'.repeat(30)} } }`;
    expect(counted(query, 100)).toBe(Infinity);
    expect(counted(query)).toBeLessThan(1_000_000);
  });
});

/** The fields of introspection's types that random selections consist of. */
const FIELDS = {
  type: {
    name: undefined,
    kind: undefined,
    isOneOf: undefined,
    'fields(includeDeprecated: true)': 'field',
    interfaces: 'type',
    possibleTypes: 'type',
    'enumValues(includeDeprecated: true)': 'enumValue',
    'inputFields(includeDeprecated: true)': 'inputValue',
    ofType: 'type',
  },
  field: { name: undefined, 'args(includeDeprecated: true)': 'inputValue', type: 'type' },
  inputValue: { name: undefined, defaultValue: undefined, type: 'type' },
  enumValue: { name: undefined, isDeprecated: undefined },
} as const satisfies Record<string, Record<string, string | undefined>>;

/** A random selection of fields, each under a key of its own. */
function anyOf(type: keyof typeof FIELDS, depth: number): fc.Arbitrary<string> {
  const one = Object.entries(FIELDS[type]).map(([field, below]) => {
    if (below === undefined) return fc.constant(field);
    if (depth === 0) return fc.constant('__typename');
    return fc.constant(field).chain((name) => anyOf(below, depth - 1).map((rest) => `${name} ${rest}`));
  });
  return fc
    .array(fc.oneof(...one), { minLength: 1, maxLength: 3 })
    .map((fields) => `{ ${fields.map((field, index) => `k${index}: ${field}`).join(' ')} }`);
}

/** The number of values below `__schema` as it is counted. */
function counted(query: string, max = 1e9): number {
  const { definitions } = parse(query);
  const operation = definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new Error('no operation');
  const [root] = mergeSelections(schema, operation, new Map(), new Map()).fields;
  if (root === undefined) throw new Error('nothing selected');
  return countIntrospected(root, schema, max);
}

/** The number of values below `__schema` in the answer of graphql-js. */
function given(source: string): number {
  const { data, errors } = executeSync({ schema, document: parse(source) });
  if (errors !== undefined) throw errors[0];
  return fieldsIn(data) - 1;
}

function fieldsIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const below = Object.values(value).reduce((sum: number, each) => sum + fieldsIn(each), 0);
  return Array.isArray(value) ? below : below + Object.keys(value).length;
}

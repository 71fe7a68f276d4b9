import * as fc from 'fast-check';
import { execute, executeSync, getIntrospectionQuery, getOperationAST } from 'graphql';
import { GraphQLError, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { writeData } from '../../src/engine/result/write-data.ts';
import type { Gateway } from '../../src/gateway-options.ts';
import { parseJson } from '../../src/json/parse-json.ts';
import { schema } from '../../src/schema/index.ts';
import { type Answer, graphqlRequest } from '../support/execute.ts';
import { openGateway } from '../support/open-gateway.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { randomRuns } from '../support/random-runs.ts';
import { plainData, plainSchema } from './plain-data.ts';
import { type RandomOperation, randomOperation } from './random-operations.ts';

const TYPE = 'application/graphql-response+json';

/** What an answer says, whatever the words and the order of its errors. */
interface Meaning {
  readonly status: number;
  /** A text, since the order of keys counts. */
  readonly data: string | undefined;
  readonly errors: readonly string[];
}

function meaningOf({ data, errors = [] }: { data?: unknown; errors?: readonly object[] }): Meaning {
  const places = errors.map((error) => {
    const { path, locations, extensions }: Partial<GraphQLError> = error;
    return JSON.stringify([path ?? extensions?.['code'], locations]);
  });
  const text = data === undefined ? undefined : JSON.stringify(data);
  return { status: text === undefined ? 400 : 200, data: text, errors: places.toSorted() };
}

/** The answer of graphql-js itself over plain data. */
async function judge(root: object, { query, operationName, variables }: RandomOperation): Promise<Meaning> {
  const refused = (code: string, errors: readonly GraphQLError[]): Meaning =>
    meaningOf({ errors: errors.map((error) => ({ ...error.toJSON(), extensions: { code } })) });
  let document: ReturnType<typeof parse>;
  try {
    document = parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return refused('GRAPHQL_PARSE_FAILED', [error]);
    throw error;
  }
  // Yoga looks for the operation before it validates.
  if (!getOperationAST(document, operationName)) {
    return refused('OPERATION_RESOLUTION_FAILURE', [new GraphQLError('')]);
  }
  const mistakes = validate(plainSchema, document);
  if (mistakes.length > 0) return refused('GRAPHQL_VALIDATION_FAILED', mistakes);
  const args = { schema: plainSchema, document, rootValue: root, variableValues: variables };
  const { data, errors = [] } = await execute({ ...args, operationName: operationName ?? null });
  if (data !== undefined) return meaningOf({ data, errors: errors.map((error) => error.toJSON()) });
  return refused('BAD_USER_INPUT', errors);
}

async function answerOf(gateway: Gateway, operation: RandomOperation): Promise<Meaning> {
  const response = await gateway.fetch(graphqlRequest(operation, { accept: TYPE }));
  expect(response.headers.get('content-type')).toBe(`${TYPE}; charset=utf-8`);
  const answer = parseJson(await response.text()) as Answer<unknown>;
  return { ...meaningOf(answer), status: response.status };
}

const runs = randomRuns(40, 17);

/** A condition that only the executor can report. */
const NULL_CONDITION = {
  query: 'query ($c: Boolean = true) { runs(first: 1) { nodes { id @include(if: $c) } } }',
  variables: { c: null },
};

describe.each([true, false])('An operation, with rowCopying %s,', (rowCopying) => {
  it('is answered as graphql-js answers it over plain data, whatever is selected, rightly or wrongly', async () => {
    // graphql-js has no limits.
    await using test = await openGateway({ runs, config: { maxCost: 1e9, rowCopying } });
    // Which order is right, and what cursors are, is said elsewhere.
    const list = '{ runs(first: 1000, order: ASC) { edges { cursor node { id } } } }';
    const { edges } = (
      await test.dataOf<{ runs: { edges: { cursor: string; node: { id: string } }[] } }>(list)
    ).runs;
    const inOrder = edges.flatMap(({ node }) => runs.filter(({ id }) => id === node.id));
    const root = plainData(inOrder, new Map(edges.map(({ cursor, node }) => [node.id, cursor])));
    const counts = { all: 0, withData: 0, withErrors: 0 };
    await fc.assert(
      fc.asyncProperty(randomOperation(runs.map(({ id }) => id)), async (operation) => {
        const expected = await judge(root, operation);
        counts.all++;
        if (expected.data?.includes('{') === true) counts.withData++;
        if (expected.errors.length > 0) counts.withErrors++;
        expect(await answerOf(test.gateway, operation)).toEqual(expected);
      }),
      { numRuns: propertyRuns(100), examples: [[NULL_CONDITION]] },
    );
    // The comparison is about something.
    expect(counts.withData).toBeGreaterThan(counts.all / 2);
    expect(counts.withErrors).toBeGreaterThan(counts.all / 10);
  });

  const options = [
    'specifiedByUrl',
    'directiveIsRepeatable',
    'schemaDescription',
    'inputValueDeprecation',
    'oneOf',
  ];
  const everything = Object.fromEntries(options.map((name) => [name, true]));
  const fields = '{ __type(name: "Run") { ...T } } fragment T on __Type { fields { name type { name } } }';
  it.each([
    ['the query of graphql-js', getIntrospectionQuery()],
    ['its query with all options', getIntrospectionQuery(everything)],
    ['the types of fields', fields],
    ['directives', '{ __typename s: __schema @include(if: true) { directives { name args { name } } } }'],
  ])(
    'that introspects is answered as graphql-js answers it, with the least MAX_COST: %s',
    async (_name, query) => {
      const expected = executeSync({ schema, document: parse(query) });
      await using test = await openGateway({ config: { maxCost: 1, rowCopying } });
      expect(JSON.stringify(await test.execute(query))).toBe(JSON.stringify(expected));
    },
  );
});

it("An answer is JSON, whatever keys a plugin's scalar without a prototype has", () => {
  const record = (members: object): object => Object.assign(Object.create(null), members);
  const data = record({ headers: record({ 'a"b': 1, '\n': [record({ '': null })], 'content-type': 'x' }) });
  expect(Buffer.from(writeData(data, 1_000)).toString()).toBe(JSON.stringify({ data }));
});

import * as fc from 'fast-check';
import {
  execute,
  executeSync,
  getIntrospectionQuery,
  getOperationAST,
  GraphQLError,
  parse,
  validate,
} from 'graphql';
import { expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway-options.ts';
import { parseJson } from '../../src/json/parse-json.ts';
import { schema } from '../../src/schema/index.ts';
import { type Answer, execute as ask, graphqlRequest } from '../support/execute.ts';
import { openGateway } from '../support/open-gateway.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { randomRuns } from '../support/random-runs.ts';
import { plainData, plainSchema } from './plain-data.ts';
import { type RandomOperation, randomOperation } from './random-operations.ts';

const TYPE = 'application/graphql-response+json';

interface Listed {
  readonly runs: {
    readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  };
}

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
  return {
    status: data === undefined ? 400 : 200,
    data: data === undefined ? undefined : JSON.stringify(data),
    errors: places.toSorted(),
  };
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

it.each([true, false])(
  'An operation is answered as graphql-js answers it over plain data, whatever is selected, rightly or wrongly (row copying: %s)',
  async (rowCopying) => {
    // graphql-js has no limits.
    await using test = await openGateway({ runs, config: { maxCost: 1e9, rowCopying } });
    // Which order is right, and what cursors are, is said elsewhere.
    const { data } = await ask<Listed>(
      test.gateway,
      '{ runs(first: 1000, order: ASC) { edges { cursor node { id } } } }',
    );
    const edges = data?.runs.edges ?? [];
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
      {
        numRuns: propertyRuns(100),
        // A condition that only the executor can report.
        examples: [
          [
            {
              query: 'query ($c: Boolean = true) { runs(first: 1) { nodes { id @include(if: $c) } } }',
              variables: { c: null },
            },
          ],
        ],
      },
    );
    // The comparison is about something.
    expect(counts.withData).toBeGreaterThan(counts.all / 2);
    expect(counts.withErrors).toBeGreaterThan(counts.all / 10);
  },
);

const everything = {
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  oneOf: true,
};
it.each([
  ['the query of graphql-js', getIntrospectionQuery()],
  ['its query with all options', getIntrospectionQuery(everything)],
  [
    'the types of fields',
    '{ __type(name: "Run") { ...T } } fragment T on __Type { fields { name type { name } } }',
  ],
  ['directives', '{ __typename s: __schema @include(if: true) { directives { name args { name } } } }'],
])(
  'Introspection is answered as graphql-js answers it, with the least MAX_COST: %s',
  async (_name, query) => {
    const expected = JSON.stringify(executeSync({ schema, document: parse(query) }));
    for (const rowCopying of [true, false]) {
      await using test = await openGateway({ config: { maxCost: 1, rowCopying } });
      expect(JSON.stringify(await ask(test.gateway, query))).toBe(expected);
    }
  },
);

import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { execute, GraphQLObjectType, GraphQLString, parse } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { createEngine, readRunList } from '../../src/engine/index.ts';
import { RowLeaf } from '../../src/engine/rows/row-leaf.ts';
import { createContext } from '../../src/loaders/context.ts';
import type { RunsSource } from '../../src/runs/source.ts';
import { schema } from '../../src/schema/index.ts';
import { Body } from '../../src/wire/body.ts';
import { NO_SEARCH } from '../support/no-live.ts';

/** The served schema, and a field of Run that asks the context for something. */
const withContextField = mapSchema(schema, {
  [MapperKind.OBJECT_TYPE]: (type) => {
    if (type.name !== 'Run') return undefined;
    const config = type.toConfig();
    const resolve = (run: { id: string }, _args: unknown, context: { ask(id: string): Promise<string> }) =>
      context.ask(run.id);
    return new GraphQLObjectType({
      ...config,
      fields: { ...config.fields, summary: { type: GraphQLString, resolve } },
    });
  },
});

const ROWS = ['é', '逃げ水', '😀 "quoted" \\', String.raw`\u00e9\n`].map((text, index) => ({
  id: `run-0000000${9 - index}`,
  text,
}));

/** A list in canonical form, with text beyond ASCII as bytes and as escapes. */
function listBody(): Body {
  const rows = ROWS.map(
    ({ id, text }) =>
      `{"id":"${id}","agent_id":"agent-1","created_at":"2025-01-01T00:00:00Z","status":"failed","callback_error":${JSON.stringify(text)},"metadata":{"text":${JSON.stringify(text)}}}`,
  );
  return new Body([Buffer.from(`[${rows.join()}]`)]);
}

const NO_ITEMS = {
  read: async () => ({ items: [], isWhole: true }),
  readLast: async () => undefined,
};

const NO_LIST = {
  rowsFollowing: async () => [],
  readAhead: () => async () => [],
};

function source(): { runs: RunsSource; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    runs: {
      async rowsFollowing({ limit }) {
        asked.push(`list ${limit}`);
        return readRunList(listBody()).rows;
      },
      async retrieve(id) {
        asked.push(id);
        return null;
      },
      agents: NO_LIST,
      readAhead: () => () => Promise.reject(new Error('No list is read behind an id')),
      seek: async () => undefined,
      canSeek: () => false,
      retrieveStep: async () => null,
      listSteps: () => NO_ITEMS,
      listMessages: () => NO_ITEMS,
      retrievePart: async () => null,
      async retrieveAgent(id) {
        asked.push(id);
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Only the name is asked for.
        return { id, name: `the name of ${id}` } as never;
      },
      cancel: () => Promise.reject(new Error('Not a query')),
      listsDurations: async () => true,
      takesManyAgents: () => true,
    },
  };
}

/** What the engine answers, and graphql-js itself. */
async function answers(query: string, summary: (id: string) => Promise<string>) {
  const engine = createEngine({
    schema: withContextField,
    copiesRows: true,
    maxCost: 10_000,
    maxResponseBytes: 1e6,
  });
  const operation = engine.prepare({ query, operationName: undefined, variables: {} });
  if (!('execute' in operation)) throw new Error(operation.map(({ message }) => message).join());
  const calls: string[] = [];
  const ask = (id: string): Promise<string> => {
    calls.push(id);
    return summary(id);
  };
  const { runs, asked } = source();
  const { data, errors } = await operation.execute(Object.assign(createContext(runs, NO_SEARCH), { ask }));
  const context = Object.assign(createContext(source().runs, NO_SEARCH), { ask: summary });
  const expected = await execute({
    schema: withContextField,
    document: parse(query),
    contextValue: context,
  });
  const text = Buffer.from(data ?? []).toString();
  return {
    // The text of a string may be escaped in one and not in the other.
    actual: { data: JSON.stringify(JSON.parse(text)), errors: errors.map((error) => error.toJSON()) },
    expected: {
      data: JSON.stringify({ data: expected.data }),
      errors: (expected.errors ?? []).map((error) => error.toJSON()),
    },
    calls,
    asked,
  };
}

describe('A field of Run that is resolved from the context', () => {
  it.each([
    '{ runs(first: 4) { nodes { id status callbackError summary metadata createdAt } pageInfo { endCursor } } }',
    '{ runs(first: 4) { edges { cursor node { summary } } } }',
    '{ runs(first: 4) { edges { cursor node { id agentId ... { summary status } callbackError } } nodes { id } } }',
    '{ a: runs(first: 4) { nodes { 逃: id } } }'.replace('逃', 'x'),
  ])('is resolved once for each row, with one request upstream: %s', async (query) => {
    const { actual, expected, calls, asked } = await answers(query, async (id) => `of ${id} é`);
    expect(actual).toEqual(expected);
    expect(calls).toEqual(query.includes('summary') ? ROWS.map(({ id }) => id) : []);
    expect(asked).toEqual(['list 4']);
  });

  it('may be one of its agent, which is looked up once, beside fields that are copied', async () => {
    const leaves = vi.spyOn(RowLeaf.prototype, 'writeTo');
    const { actual, expected, asked } = await answers(
      '{ runs(first: 4) { nodes { id status agent { id name } callbackError metadata } } }',
      async (id) => id,
    );
    expect(actual).toEqual(expected);
    expect(asked).toEqual(['list 4', 'agent-1']);
    // What stands before the agent, and what stands after it, for each row.
    expect(leaves).toHaveBeenCalledTimes(2 * ROWS.length);
  });

  it('that fails leaves the rest of its row', async () => {
    const query = '{ runs(first: 4) { nodes { id status summary callbackError } } }';
    const { actual, expected, asked } = await answers(query, async (id) => {
      if (id.endsWith('8')) throw new Error('no 逃げ水');
      return id;
    });
    expect(actual).toEqual(expected);
    expect(actual.errors).toMatchObject([{ path: ['runs', 'nodes', 1, 'summary'], message: 'no 逃げ水' }]);
    expect(asked).toEqual(['list 4']);
  });
});

describe('Rows beside introspection', () => {
  it.each([
    '{ __schema { queryType { name } types { name fields { name } } } runs(first: 4) { nodes { id status } } }',
    '{ runs(first: 4) { edges { cursor node { metadata } } } a: __type(name: "Run") { ...T } __typename } fragment T on __Type { kind fields { name type { name } } }',
    '{ __type(name: "_rows") { name } b: __schema @include(if: true) { directives { name args { name } } } runs(first: 4) { nodes { id } } }',
  ])('are copied, and the schema that is shown is the served one: %s', async (query) => {
    const leaves = vi.spyOn(RowLeaf.prototype, 'writeTo');
    const { actual, expected } = await answers(query, async (id) => id);
    expect(actual).toEqual(expected);
    expect(leaves).toHaveBeenCalledOnce();
    leaves.mockRestore();
  });
});

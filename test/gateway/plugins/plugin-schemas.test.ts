import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { buildSchema, defaultFieldResolver, extendSchema, type GraphQLSchema, parse } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import type { GatewayOptions } from '../../../src/gateway-options.ts';
import { mixedRunId } from '../../support/ids.ts';
import { ANSWER, EVENTS, openWithPlugins, PAGE, UPDATES } from '../../support/with-plugins.ts';

/** Puts another schema in the place of the gateway's. */
function replacing(change: (schema: GraphQLSchema) => GraphQLSchema): Plugin {
  const made = new WeakSet<GraphQLSchema>();
  return {
    onSchemaChange({ schema, replaceSchema }) {
      if (made.has(schema)) return;
      const changed = change(schema);
      made.add(changed);
      replaceSchema(changed);
    },
  };
}

/** Wraps each resolver of a field of `Run`. */
const wrapRuns = (wrap: (value: unknown, context: { readonly who?: string }) => unknown): Plugin =>
  replacing((schema) =>
    mapSchema(schema, {
      [MapperKind.OBJECT_FIELD]: (field, _name, type) => {
        if (type !== 'Run') return field;
        const { resolve = defaultFieldResolver } = field;
        return {
          ...field,
          resolve: (root, args, context, info) => wrap(resolve(root, args, context, info), context),
        };
      },
    }),
  );

describe('plugins: replaceSchema and setSchema', () => {
  it.each([
    '{ runs(last: 2, order: ASC) { edges { cursor node { id createdAt rawStatus metadata agent { id } } } totalCount { value } } }',
    `{ node(id: "${mixedRunId(2)}") { id ... on Run { totalDurationNs status } } nodes(ids: ["run-x"]) { id } }`,
    '{ runs(first: -1) { nodes { id } } __type(name: "Run") { name } }',
    `mutation { cancelRuns(ids: ["${mixedRunId(1)}"]) { runs { id status } } }`,
    UPDATES,
  ])('a schema whose resolvers are wrapped gives the same answers: %s', async (query) => {
    let calls = 0;
    await using plain = await openWithPlugins([]);
    await using replaced = await openWithPlugins([wrapRuns((value) => (calls++, value))]);
    const headers = { 'x-request-id': 'same', accept: '*/*' };
    const expected = await plain.send(query, headers);
    const { status, text, asked } = await replaced.send(query, headers);
    expect([status, text, asked]).toEqual([expected.status, expected.text, expected.asked]);
    if (/"(?:id|status)"/.test(text)) expect(calls).toBeGreaterThan(0);
  });

  it('resolvers find what plugins put into the context, also for each event', async () => {
    const who: Plugin = {
      onContextBuilding: ({ extendContext }) => extendContext({ who: 'alice' } as never),
    };
    const hide = wrapRuns((value, context) => (context.who === 'alice' ? null : value));
    await using test = await openWithPlugins([who, hide]);
    const page = await test.send('{ runs(first: 1) { nodes { stopReason } } }');
    expect(page.text).toContain('{"stopReason":null}');
    const updates = await test.send(UPDATES.replace('status', 'stopReason'), EVENTS);
    expect(updates.text).toContain('{"stopReason":null}');
  });

  it('two identical operations are answered each by its own context', async () => {
    const who: Plugin = {
      onContextBuilding: ({ context, extendContext }) =>
        extendContext({ who: context.request.headers.get('x-who') } as never),
    };
    await using test = await openWithPlugins([who, wrapRuns((_value, context) => context.who)]);
    const ask = async (name: string) =>
      (await test.send('{ runs(first: 1) { nodes { id } } }', { 'x-who': name })).text;
    expect(await Promise.all(['alice', 'bob'].map(ask))).toEqual(
      ['alice', 'bob'].map((id) => JSON.stringify({ data: { runs: { nodes: [{ id }] } } })),
    );
  });

  it('OPERATION_TIMEOUT_MS and MAX_RESPONSE_BYTES hold for a schema of a plugin, too', async () => {
    await using slow = await openWithPlugins([wrapRuns(() => new Promise(() => undefined))], {
      operationTimeoutMs: 50,
    });
    expect((await slow.send(PAGE)).text).toContain('OPERATION_TIMEOUT');
    await using small = await openWithPlugins([wrapRuns((value) => value)], { maxResponseBytes: 1024 });
    const aliases = Array.from({ length: 60 }, (_, at) => `a${at}: id`).join(' ');
    expect((await small.send(`{ runs { nodes { ${aliases} } } }`)).text).toContain('RESPONSE_TOO_LARGE');
  });

  it('a request may have a schema of its own, by which alone it is validated', async () => {
    const other = buildSchema('type Query { other: Int }');
    const choose: Plugin = {
      onEnveloped: ({ context, setSchema }) =>
        context?.request.headers.has('other') === true ? setSchema(other) : undefined,
    };
    await using test = await openWithPlugins([choose]);
    expect((await test.send(PAGE)).text).toBe(ANSWER);
    expect((await test.send(PAGE, { other: '1' })).text).toContain('GRAPHQL_VALIDATION_FAILED');
  });

  it.each([
    `{ runs(first: 1) { ... @defer { nodes { id } } } ... on Query @defer(label: "a") { mayWrite } }`,
    'query ($x: Boolean! = true) { runs(first: 1) { nodes @stream(initialCount: 0) { id } ... on RunConnection @defer(if: $x) { __typename } } }',
    '{ __schema { directives { name } } runs(first: 1) { ... @defer { nodes { id } } } }',
  ])('a schema may have @defer and @stream, which change nothing: %s', async (query) => {
    const incremental = parse(`
      directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
      directive @stream(if: Boolean! = true, label: String, initialCount: Int = 0) on FIELD`);
    await using test = await openWithPlugins([replacing((schema) => extendSchema(schema, incremental))]);
    await using plain = await openWithPlugins([]);
    const { text } = await test.send(query);
    const without = await plain.send(
      query.replaceAll(/@(?:defer|stream)(?:\(.*?\))?/g, '').replace('($x: Boolean! = true) ', ''),
    );
    expect(without.text).not.toContain('errors');
    expect(text.replaceAll(/,?\{"name":"(?:defer|stream)"\}/g, '')).toBe(without.text);
  });

  it('resolvers may be replaced in place at any time', async () => {
    let served: GraphQLSchema | undefined;
    const keep: Plugin = { onSchemaChange: ({ schema }) => void (served = schema) };
    await using test = await openWithPlugins([keep]);
    const query = '{ mayWrite runs(first: 1) { nodes { id } } }';
    expect((await test.send(query)).text).toContain('"mayWrite":true');
    const { mayWrite } = served?.getQueryType()?.getFields() ?? {};
    if (mayWrite === undefined) throw new Error('There is no mayWrite');
    const { resolve } = mayWrite;
    Object.assign(mayWrite, { resolve: () => false });
    try {
      await using other = await openWithPlugins([keep]);
      for (const each of [test, other]) expect((await each.send(query)).text).toContain('"mayWrite":false');
    } finally {
      Object.assign(mayWrite, { resolve });
    }
  });

  it('a schema may have fields of its own', async () => {
    const own = parse('extend type Query { mine: Mine } type Mine { a: Int }');
    await using test = await openWithPlugins([replacing((schema) => extendSchema(schema, own))]);
    expect((await test.send('{ mine { a } runs(first: 1) { nodes { id } } }')).text).toBe(
      `{"data":{"mine":null,"runs":{"nodes":[{"id":"${mixedRunId(3)}"}]}}}`,
    );
  });
});

it('A subscription that selects nothing is refused where a plugin leaves out the rules, too', async () => {
  const unruly: Plugin = { onValidate: ({ setResult }) => setResult([]) };
  await using test = await openWithPlugins([unruly]);
  const { text } = await test.send('subscription { runEvents @skip(if: true) { kind } }', EVENTS);
  expect(text).toContain('BAD_USER_INPUT');
});

it.each<[string, string, GatewayOptions]>([
  [
    'FORBIDDEN',
    'mutation { cancelRuns(ids: []) { __typename } }',
    { readOnlyAccessTokens: ['reader'], apiKey: 'key' },
  ],
  ['COST_LIMIT_EXCEEDED', '{ runs(first: 90) { nodes { id } } }', { maxCost: 50 }],
])('What a plugin puts in the place of an operation has its rules: %s', async (code, query, config) => {
  const plugin = {
    onExecute: ({ args }: { args: { document: unknown } }) => void (args.document = parse(query)),
  };
  await using test = await openWithPlugins([plugin], config);
  const { text, asked } = await test.send(PAGE, { authorization: 'Bearer reader' });
  expect([JSON.parse(text).errors, asked]).toMatchObject([[{ extensions: { code } }], 0]);
});

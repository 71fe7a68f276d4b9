import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BLOCKS, ROOT } from '../repository/pages.ts';
import { startCommand } from '../repository/running-command.ts';
import { jsonPost } from '../support/execute.ts';
import { install, pack } from './packed.ts';

const run = promisify(execFile);
const stack = new AsyncDisposableStack();
let tarball = '';

beforeAll(async () => {
  ({ tarball } = stack.use(await pack()));
}, 240_000);
afterAll(() => stack.disposeAsync());

const PLUGINS = ['disable-introspection', 'jwt', 'response-cache'].map(
  (name) => `@graphql-yoga/plugin-${name}`,
);

/** An app, in which the plugins of Yoga stand beside the gateway. */
const APP = `
import { useDisableIntrospection } from '@graphql-yoga/plugin-disable-introspection';
import { createInlineSigningKeyProvider, useJWT } from '@graphql-yoga/plugin-jwt';
import { useResponseCache } from '@graphql-yoga/plugin-response-cache';
import { type GraphQLSchema, printSchema } from 'graphql';
import { createGateway, type Gateway, listen } from 'runs-gateway';
import { printClientSdl, printSubgraphSdl, schema } from 'runs-gateway/schema';

const served: GraphQLSchema = schema;
const gateway: Gateway = await createGateway({
  plugins: [
    useDisableIntrospection({ isDisabled: (request) => request.headers.has('x-hidden') }),
    useJWT({ signingKeyProviders: [createInlineSigningKeyProvider('key')], reject: { missingToken: false, invalidToken: false } }),
    useResponseCache({ session: () => null, ttl: 60_000 }),
  ],
});
const { url } = await listen(gateway, { port: 0 });
console.log(JSON.stringify({ client: printClientSdl(), subgraph: printSubgraphSdl(), length: printSchema(served).length }));
console.log(url);
`;
const COMPILER = ['--strict', '--noEmit', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2024'];

describe.each(['16.15.0', '17.1.0'])('Beside graphql %s', (version) => {
  it('there is one copy of it, an app compiles, and answers with plugins over all transports', async ({
    skip,
  }) => {
    const others = ['@types/node', 'typescript'];
    using installed = await install(tarball, `graphql@${version}`, ...PLUGINS, ...others);
    skip(installed.missing !== undefined, installed.missing);
    const { folder } = installed;
    const { stdout } = await run('npm', ['ls', '--all', '--parseable', 'graphql'], { cwd: folder });
    const copies = stdout.split('\n').filter((line) => line.endsWith(path.join('node_modules', 'graphql')));
    expect(copies).toHaveLength(1);
    const found: unknown = JSON.parse(readFileSync(path.join(copies[0] ?? '', 'package.json'), 'utf8'));
    expect(found).toMatchObject({ version });

    writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(path.join(folder, 'app.ts'), APP);
    await run(path.join(folder, 'node_modules/.bin/tsc'), [...COMPILER, 'app.ts'], { cwd: folder });
    await using app = await startCommand([process.execPath, 'app.ts'], { cwd: folder });
    const texts: unknown = JSON.parse(/^\{.*\}$/m.exec(app.greeting)?.[0] ?? '{}');
    expect(texts).toMatchObject({ client: textOf('schema.graphql'), subgraph: textOf('subgraph.graphql') });

    const ask = async (body: object, headers?: Record<string, string>) =>
      (await fetch(`${app.url}/graphql`, jsonPost(body, headers))).json();
    const queries = BLOCKS.filter(({ page, language }) => page === 'README.md' && language === 'graphql');
    expect(queries.length).toBeGreaterThan(0);
    for (const { text: query } of queries)
      expect(await ask({ query })).toEqual({ data: { runs: { nodes: [expect.anything()] } } });
    const query = '{ __schema { queryType { name } } }';
    expect(await ask({ query })).toEqual({ data: { __schema: { queryType: { name: 'Query' } } } });
    const { errors } = await ask({ query }, { 'x-hidden': '1' });
    expect(errors).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('introspection has been disabled') }),
    );

    const { data } = await ask({ query: '{ runs(first: 1) { nodes { id } } }' });
    const updates = `subscription { runUpdates(id: "${data.runs.nodes[0].id}") { id } }`;
    const events = await fetch(
      `${app.url}/graphql`,
      jsonPost({ query: updates }, { accept: 'text/event-stream' }),
    );
    const first = await events.body?.pipeThrough(new TextDecoderStream()).values().next();
    expect(`${first?.value}`).toMatch(/^(?::|event: next)/);
    expect(await overWebSocket(app.url, updates)).toEqual({ data: { runUpdates: data.runs.nodes[0] } });
  });
});

const textOf = (file: string) => readFileSync(path.join(ROOT, 'schema', file), 'utf8');

/** Returns the first event. */
async function overWebSocket(url: string, query: string): Promise<unknown> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  socket.addEventListener('open', () => socket.send('{"type":"connection_init"}'));
  socket.addEventListener('close', () => reject(new Error('Closed')));
  socket.addEventListener('message', ({ data }) => {
    const { type, payload } = JSON.parse(String(data));
    if (type === 'connection_ack')
      socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
    else if (type !== 'ping') resolve(payload);
  });
  const event = await promise;
  socket.close();
  return event;
}

import type { Socket } from 'node:net';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Program, startProgram } from '../support/program.ts';
import { closing, connectTo, sendRaw } from '../support/raw-request.ts';
import { NO_INIT, openSocket } from '../support/raw-socket.ts';
import { serve } from '../support/serve.ts';

const MEBIBYTE = 1024 * 1024;
const RUNS = Array.from({ length: 500 }, (_, index) => ({
  id: `run-00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  agent_id: 'agent-00000000-0000-4000-8000-000000000001',
  created_at: new Date(1.78e12 - index * 1000).toISOString(),
  status: 'completed',
  metadata: { note: 'x'.repeat(400) },
}));
/** About 8 MB. */
const LARGE = `{ ${[0, 1].map((n) => `p${n}: runs(first: 500) { nodes { ...all } }`).join(' ')} }
  fragment all on Run { ${Array.from({ length: 20 }, (_, n) => `m${n}: metadata`).join(' ')} }`;
/** Of this agent, the upstream answers nothing. */
const SLOW = '{ runs(agentId: "agent-00000000-0000-4000-8000-000000000009") { nodes { id } } }';
const WATCH = 'subscription { runEvents { kind } }';

const ATTACKER = { authorization: 'Bearer attacker' };
const parts = new AsyncDisposableStack();
let program: Program;
let url: string;

beforeAll(async () => {
  const upstream = parts.use(
    await serve(({ url: target = '' }, response) => {
      const { searchParams: query } = new URL(target, 'http://upstream');
      if (query.has('agent_id')) return;
      const rows = RUNS.slice(0, Number(query.get('limit')));
      response.setHeader('content-type', 'application/json').end(JSON.stringify(rows));
    }),
  );
  const env = {
    LETTA_BASE_URL: upstream.baseUrl,
    LETTA_API_KEY: 'key',
    ACCESS_TOKENS: 'attacker,other',
    LOG_LEVEL: 'error',
    NODE_OPTIONS: '--max-old-space-size=128',
  };
  program = parts.use(startProgram(['--port', '0'], env));
  url = await program.url;
  // The attacks are what the gateway would serve.
  const large = await fetch(`${url}/graphql?query=${encodeURIComponent(LARGE)}`, { headers: ATTACKER });
  expect((await large.text()).length).toBeGreaterThan(7 * MEBIBYTE);
});
afterAll(() => parts.disposeAsync());

const head = (...lines: readonly string[]): string =>
  [
    'POST /graphql HTTP/1.1',
    'host: localhost',
    'content-type: application/json',
    `authorization: ${ATTACKER.authorization}`,
    ...lines,
    '',
    '',
  ].join('\r\n');

function post(query: string, accept: string): string {
  const body = JSON.stringify({ query });
  return head(`accept: ${accept}`, `content-length: ${body.length}`) + body;
}

/** Opens connections that send something and read nothing, and resolves when the process has it, or has cut them off. */
async function hold(count: number, sent: string | Buffer): Promise<readonly Socket[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const socket = await connectTo(url);
      const closed = closing(socket.pause());
      await Promise.race([new Promise((resolve) => socket.write(sent, resolve)), closed]);
      return socket;
    }),
  );
}

/** The same with WebSockets. */
async function holdWebSockets(count: number, init: unknown, messages: readonly unknown[], fin = true) {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const socket = await openSocket(`${url}/graphql`, init);
      const { client, closed } = socket;
      if (init !== NO_INIT) await socket.next().catch(() => undefined);
      client.pause();
      for (const message of messages) {
        const text = typeof message === 'string' ? message : JSON.stringify(message);
        // oxlint-disable-next-line no-await-in-loop -- One after the other.
        await Promise.race([new Promise((resolve) => client.send(text, { fin }, resolve)), closed]);
      }
      return { destroy: () => client.terminate() };
    }),
  );
}

const subscribe = (query: string, junk = '') =>
  Array.from({ length: 50 }, (_, id) => ({
    type: 'subscribe',
    id: `${id}`,
    payload: { query, variables: { junk } },
  }));
const bomb = brotliCompressSync(Buffer.alloc(20 * MEBIBYTE, 'a'));
const pipelined = `GET /health HTTP/1.1\r\nhost: localhost\r\nx-filler: ${'x'.repeat(15_000)}\r\n\r\n`;
const large = 'x'.repeat(MEBIBYTE - 1);

describe('A process with a small heap goes on, whatever clients send it and do not read:', () => {
  it.each<[string, () => Promise<readonly { destroy(): unknown }[]>]>([
    ['bodies that never end', () => hold(500, head(`content-length: ${MEBIBYTE}`) + large)],
    [
      'bodies in chunks of one byte',
      () => hold(4, head('transfer-encoding: chunked') + '1\r\n \r\n'.repeat(700_000)),
    ],
    [
      'bodies that decode to very much',
      () =>
        hold(
          60,
          Buffer.concat([Buffer.from(head('content-encoding: br', `content-length: ${bomb.length}`)), bomb]),
        ),
    ],
    ['heads that never end', () => hold(500, 'GET /health HTTP/1.1\r\nx-half: ')],
    ['large answers', () => hold(50, post(LARGE, 'application/json'))],
    ['large answers as events', () => hold(50, post(LARGE, 'text/event-stream'))],
    ['event streams', () => hold(500, post(WATCH, 'text/event-stream'))],
    [
      'requests that wait for their turn',
      () => hold(50, post(SLOW, 'application/json') + pipelined.repeat(90)),
    ],
    ['large answers by WebSockets', () => holdWebSockets(50, ATTACKER, subscribe(LARGE).slice(0, 1))],
    ['messages of WebSockets that never end', () => holdWebSockets(300, ATTACKER, [large], false)],
    ['messages of WebSockets by clients without a token', () => holdWebSockets(300, NO_INIT, [large])],
    [
      'subscriptions with much that they do not use',
      () => holdWebSockets(2, ATTACKER, subscribe(WATCH, large.slice(1_000))),
    ],
  ])('%s', async (_what, attack) => {
    const held = await attack();
    // On connections of their own: others may have been idle for too long.
    expect(await sendRaw(url, ['GET /health HTTP/1.1', 'host: localhost'])).toMatch(/^HTTP\/1\.1 200 /);
    const query = 'GET /graphql?query={runs(first:1){nodes{status}}} HTTP/1.1';
    expect(await sendRaw(url, [query, 'host: localhost', 'authorization: Bearer other'])).toContain(
      '{"data":{"runs":{"nodes":[{"status":"COMPLETED"}]}}}',
    );
    for (const each of held) each.destroy();
    expect(program.process.exitCode).toBeNull();
  });
});

import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as later } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type OpenListening, openListening } from '../support/open-listening.ts';
import { connectTo } from '../support/raw-request.ts';
import { openSocket } from '../support/raw-socket.ts';

const MEBIBYTE = 1024 * 1024;
const RUN = {
  id: 'run-00000000-0000-4000-8000-000000000001',
  agent_id: 'agent-00000000-0000-4000-8000-000000000001',
  status: 'completed',
  created_at: '2026-01-01T00:00:00Z',
  metadata: { text: 'x'.repeat(MEBIBYTE) },
};
/** An answer of 16 MiB: more than the network holds for a client. */
const LARGE = `{ runs(first: 1) { nodes { ${Array.from({ length: 16 }, (_, n) => `m${n}: metadata`).join(' ')} } } }`;

const open = (writeTimeoutMs: number, latencyMs = 0) =>
  openListening(
    {
      script: ({ path }) => later(latencyMs, { body: path.endsWith(RUN.id) ? RUN : [RUN] }),
      config: { maxResponseBytes: 64 * MEBIBYTE },
    },
    { writeTimeoutMs },
  );

function request(query: string, accept = 'application/json'): string {
  const body = JSON.stringify({ query });
  const head =
    'POST /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n';
  return `${head}accept: ${accept}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

async function sent(server: OpenListening, accept?: string): Promise<Socket> {
  const socket = await connectTo(server.url);
  socket.on('error', () => undefined).write(request(LARGE, accept));
  return socket;
}

async function bytesOf(socket: Socket): Promise<number> {
  let bytes = 0;
  for await (const chunk of socket) bytes += (chunk as Buffer).length;
  return bytes;
}

const cutOff = async ({ gateway }: OpenListening) =>
  Number(
    /connections_closed_total\{reason="not_reading"\} (\d+)/.exec(
      await gateway.metrics.registry.metrics(),
    )?.[1],
  );

describe('WRITE_TIMEOUT_MS: a client that reads nothing', () => {
  it.each(['application/json', 'text/event-stream'])('of its answer as %s is cut off', async (accept) => {
    await using server = await open(100);
    const sockets = await Promise.all(Array.from({ length: 5 }, () => sent(server, accept)));
    for (const socket of sockets) socket.pause();
    await expect.poll(() => cutOff(server)).toBe(5);
    for (const socket of sockets) expect(await bytesOf(socket).catch(() => 0)).toBeLessThan(16 * MEBIBYTE);
  });

  it('of the events of its subscription is cut off', async () => {
    await using server = await open(100);
    const fields = /\{ (m0.*m15: metadata) \}/.exec(LARGE)?.[1] ?? '';
    const socket = await connectTo(server.url);
    socket.pause();
    socket.write(request(`subscription { runUpdates(id: "${RUN.id}") { ${fields} } }`, 'text/event-stream'));
    await expect.poll(() => cutOff(server)).toBe(1);
    await expect.poll(() => server.metric('subscriptions')).toBe(0);
    socket.on('error', () => undefined).resume();
  });
});

it('A client that sends what is not HTTP while it reads its answer loses its connection alone', async () => {
  await using server = await open(5000);
  const socket = await sent(server);
  await once(socket, 'readable');
  socket.write('nonsense\r\n\r\n');
  expect(await bytesOf(socket).catch(() => 0)).toBeLessThan(16 * MEBIBYTE);
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
});

describe('WRITE_TIMEOUT_MS: a client gets its whole answer', () => {
  it('that reads slowly, and for longer than the time-out', async () => {
    await using server = await open(1000);
    const socket = await sent(server);
    let bytes = 0;
    for await (const chunk of socket) {
      bytes += (chunk as Buffer).length;
      await later(5);
    }
    expect(bytes).toBeGreaterThan(16 * MEBIBYTE);
  });

  it('that pauses for less than the time-out, however long it has been connected', async () => {
    await using server = await open(5000);
    const socket = await connectTo(server.url);
    await later(4000);
    socket.on('error', () => undefined).write(request(LARGE));
    let bytes = 0;
    for await (const chunk of socket) {
      if (bytes === 0) await later(2200);
      bytes += (chunk as Buffer).length;
    }
    expect(bytes).toBeGreaterThan(16 * MEBIBYTE);
  });

  it('that waits for it longer than the time-out', async () => {
    // Longer than the time between two searches for such clients, too.
    await using server = await open(50, 1_200);
    const socket = await connectTo(server.url);
    socket.write(request('{ runs(first: 1) { nodes { id } } }'));
    expect(String(await once(socket, 'data'))).toContain(`{"data":{"runs":{"nodes":[{"id":"${RUN.id}"}]}}}`);
    await using webSocket = await openSocket(server.graphql);
    await webSocket.next();
    webSocket.send({ type: 'subscribe', id: '1', payload: { query: '{ runs(first: 2) { nodes { id } } }' } });
    expect(await webSocket.next()).toMatchObject({
      payload: { data: { runs: { nodes: [{ id: RUN.id }] } } },
    });
    socket.destroy();
  });
});

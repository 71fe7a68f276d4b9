import { once } from 'node:events';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { listen } from '../../src/http/server/listen.ts';
import { startProgram } from '../support/program.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';

async function isRefused(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    () => false,
    () => true,
  );
}

/** What becomes of a new connection with one request. */
async function outcomeOf(address: { readonly host: string; readonly port: number }): Promise<string> {
  const socket = createConnection(address);
  socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
  try {
    return (await text(socket)).includes('{"status":"ok"}') ? 'answered' : 'closed';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    return code === 'ECONNREFUSED' ? 'refused' : String(code);
  }
}

/** Whether a request belongs to a query; a program also asks its upstream how it is. */
const isOfQuery = (head: string): boolean => head.startsWith('GET /v1/runs/');

describe('A program told to stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s answers 64 queries in flight and ends with 0',
    async (signal) => {
      const held: (() => void)[] = [];
      await using upstream = await startRawUpstream((socket, request) => {
        if (isOfQuery(request.head)) held.push(() => answerWith(200, '[]')(socket, request));
      });
      await using program = startProgram(['--port', '0'], { LETTA_BASE_URL: upstream.baseUrl });
      const url = await program.url;
      // Different queries and callers, so that none shares the upstream request of another, or waits for it.
      const answers = Array.from({ length: 64 }, async (_, index) => {
        const response = await fetch(`${url}/graphql?query={runs(first:${index + 1}){nodes{id}}}`, {
          headers: { authorization: `Bearer ${index}` },
        });
        return response.json();
      });
      await expect.poll(() => held.length).toBe(64);
      program.process.kill(signal);
      await expect.poll(() => isRefused(url)).toBe(true);
      for (const release of held) release();
      const answer = { data: { runs: { nodes: [] } } };
      expect(await Promise.all(answers)).toEqual(Array.from(answers, () => answer));
      expect((await program.ended).code).toBe(0);
    },
  );

  it('cuts off what is not answered in time, and still ends with 0', async () => {
    await using upstream = await startRawUpstream(() => undefined);
    await using program = startProgram(['--port', '0'], {
      LETTA_BASE_URL: upstream.baseUrl,
      UPSTREAM_TIMEOUT_MS: '60000',
      DRAIN_TIMEOUT_MS: '200',
    });
    const asked = fetch(`${await program.url}/graphql?query={runs{nodes{id}}}`).catch(() => 'cut off');
    await expect.poll(() => upstream.heads.filter(isOfQuery).length).toBe(1);
    program.process.kill('SIGTERM');
    expect(await asked).toBe('cut off');
    expect((await program.ended).code).toBe(0);
  });

  it('says so at /ready on connections that are open, and closes them', async () => {
    const held: (() => void)[] = [];
    await using upstream = await startRawUpstream((socket, request) => {
      if (isOfQuery(request.head)) held.push(() => answerWith(200, '[]')(socket, request));
    });
    await using program = startProgram(['--port', '0'], { LETTA_BASE_URL: upstream.baseUrl });
    const { hostname, port } = new URL(await program.url);
    const socket = createConnection({ host: hostname, port: Number(port) });
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    // A query, and behind it on the same connection the question whether more may come.
    socket.write('GET /graphql?query={runs{nodes{id}}} HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await expect.poll(() => held.length).toBe(1);
    program.process.kill('SIGTERM');
    await expect.poll(() => isRefused(`http://${hostname}:${port}`)).toBe(true);
    socket.write('GET /ready HTTP/1.1\r\nhost: localhost\r\n\r\n');
    for (const release of held) release();
    await program.ended;
    expect(received).toContain('{"data":{"runs":{"nodes":[]}}}');
    expect(received).toMatch(/HTTP\/1\.1 503 [^]*connection: close[^]*\{"status":"draining"\}/i);
  });

  it('says at /ready that it stops while it still serves, and closes each connection after its answer', async () => {
    await using program = startProgram(['--port', '0'], {
      LETTA_BASE_URL: 'http://127.0.0.1:1',
      DRAIN_GRACE_MS: '1000',
    });
    const url = await program.url;
    program.process.kill('SIGTERM');
    await expect.poll(async () => (await fetch(`${url}/ready`)).text()).toBe('{"status":"draining"}');
    const response = await fetch(`${url}/graphql?query={__typename}`);
    expect(await response.text()).toBe('{"data":{"__typename":"Query"}}');
    expect(response.headers.get('connection')).toBe('close');
    expect((await program.ended).code).toBe(0);
    expect(await isRefused(url)).toBe(true);
  });

  it.each([
    ['SIGTERM', 'SIGTERM'],
    ['SIGINT', 'SIGTERM'],
    ['SIGTERM', 'SIGINT'],
  ] as const)('by %s and again by %s ends at once', async (first, second) => {
    await using program = startProgram(['--port', '0'], {
      LETTA_BASE_URL: 'http://127.0.0.1:1',
      DRAIN_GRACE_MS: '600000',
    });
    const url = await program.url;
    program.process.kill(first);
    await expect.poll(async () => (await fetch(`${url}/ready`)).text()).toBe('{"status":"draining"}');
    program.process.kill(second);
    await program.ended;
    expect(program.process.signalCode).toBe(second);
  });

  it('resets no connection whose request is on its way', async () => {
    for (let round = 0; round < 5; round++) {
      await using program = startProgram(['--port', '0'], { LETTA_BASE_URL: 'http://127.0.0.1:1' });
      const { hostname, port } = new URL(await program.url);
      program.process.kill('SIGTERM');
      const outcomes = await Promise.all(
        Array.from({ length: 30 }, () => outcomeOf({ host: hostname, port: Number(port) })),
      );
      expect(outcomes.filter((outcome) => outcome !== 'answered' && outcome !== 'refused')).toEqual([]);
    }
  });

  it('answers on connections that were accepted before, also if their requests come later', async () => {
    await using gateway = await createGateway({ upstreamUrl: 'http://127.0.0.1:1' });
    const listener = await listen(gateway, { host: '127.0.0.1', port: 0 });
    const { hostname, port } = new URL(listener.url);
    const sockets = Array.from({ length: 30 }, () =>
      createConnection({ host: hostname, port: Number(port) }),
    );
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    const closed = listener[Symbol.asyncDispose]();
    await expect.poll(() => isRefused(listener.url)).toBe(true);
    const answers = sockets.map(async (socket) => {
      socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
      return text(socket);
    });
    for (const answer of await Promise.all(answers)) {
      expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*\nconnection: close\r\n[^]*"ok"/i);
    }
    await closed;
  });

  it('is not ready for a load balancer before it stops', async () => {
    await using gateway = await createGateway();
    const ready = async (): Promise<number> =>
      (await gateway.fetch(new Request('http://gateway/ready'))).status;
    expect(await ready()).toBe(200);
    gateway.startDraining();
    expect(await ready()).toBe(503);
  });
});

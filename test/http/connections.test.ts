import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { defaults } from '../../src/config/config.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import type { ListenOptions } from '../../src/http/server/listen-options.ts';
import { listen } from '../../src/http/server/listen.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';

const LARGE = 'x'.repeat(8 * 1024 * 1024);

/** Listens with a listener of the test's own in place of GraphQL. */
async function listening(
  listener: Gateway['listener'],
  options: Partial<ListenOptions> = {},
): Promise<AsyncDisposable & { connect(): Promise<Socket>; closed: string[]; url: string }> {
  const closed: string[] = [];
  const metrics = { connectionClosed: (reason: string) => void closed.push(reason) };
  const limits = { drainTimeoutMs: 500, ...options };
  const server = await listen({ ...defaults, listener, metrics }, { port: 0, ...limits });
  const { hostname, port } = new URL(server.url);
  const sockets: Socket[] = [];
  return {
    closed,
    url: server.url,
    async connect() {
      const socket = createConnection({ host: hostname, port: Number(port) });
      socket.on('error', () => undefined);
      sockets.push(socket);
      await once(socket, 'connect');
      return socket;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

describe('A client', () => {
  it('that reads nothing of its answer is cut off, and so are fifty', async () => {
    let open = 0;
    await using server = await listening(
      (request, response) => {
        open++;
        request.socket.once('close', () => open--);
        response.end(LARGE);
      },
      { writeTimeoutMs: 200 },
    );
    const sockets = await Promise.all(Array.from({ length: 50 }, () => server.connect()));
    for (const socket of sockets) {
      socket.pause();
      socket.write(REQUEST);
    }
    await expect.poll(() => server.closed).toHaveLength(50);
    expect(new Set(server.closed)).toEqual(new Set(['not_reading']));
    await expect.poll(() => open).toBe(0);
  });

  it('that reads slowly gets the whole answer', async () => {
    await using server = await listening((_request, response) => void response.end(LARGE), {
      writeTimeoutMs: 300,
    });
    const socket = await server.connect();
    socket.write(REQUEST.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n'));
    let bytes = 0;
    for await (const chunk of socket) {
      bytes += (chunk as Buffer).length;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(bytes).toBeGreaterThan(LARGE.length);
    expect(server.closed).toEqual([]);
  });

  it('that sends many requests at once lets others get their turn in between', async () => {
    const answered: unknown[] = [];
    await using server = await listening((_request, response) => {
      answered.push(response);
      response.end('x');
    });
    const socket = await server.connect();
    socket.write(REQUEST.repeat(90));
    let turns = 0;
    // oxlint-disable-next-line no-await-in-loop -- One turn after the other.
    for (; answered.length < 90; turns++) await nextTurn();
    expect(turns).toBeGreaterThan(80);
  });

  it('whose next request has come in time gets its answer, however busy the process is', async () => {
    await using server = await listening((_request, response) => void response.end('x'), {
      keepAliveTimeoutMs: 100,
    });
    const socket = await server.connect();
    socket.write(REQUEST);
    await once(socket, 'data');
    // Node gives a second more.
    await sleep(900);
    // Timers run before anything is read after that.
    await nextTurn();
    socket.write(REQUEST);
    for (const end = performance.now() + 500; performance.now() < end;);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /);
  }, 3_000);

  it('whose answer takes longer than that is not cut off', async () => {
    await using server = await listening(
      (_request, response) => void setTimeout(() => response.end('late'), 600),
      { writeTimeoutMs: 100 },
    );
    expect(await (await fetch(server.url)).text()).toBe('late');
    expect(server.closed).toEqual([]);
  });

  it.each([
    ['sends nothing', '', 'closed or 408'],
    ['sends half of its headers', 'GET / HTTP/1.1\r\nHost: localhost\r\n', 'closed or 408'],
    [
      'sends half of its body',
      'POST / HTTP/1.1\r\nHost: localhost\r\ncontent-length: 9\r\n\r\nhalf',
      'closed or 408',
    ],
    ['sends nothing after its first request', REQUEST, 'answered'],
  ])('that %s is not kept for ever', async (_name, sent, outcome) => {
    await using server = await listening(
      (request, response) => {
        if (request.method === 'GET') response.end('hello');
        else request.resume();
      },
      { headersTimeoutMs: 200, requestTimeoutMs: 300, keepAliveTimeoutMs: 200 },
    );
    const socket = await server.connect();
    socket.write(sent);
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    await once(socket, 'close');
    if (outcome === 'answered') expect(received).toMatch(/^HTTP\/1\.1 200 /);
    else expect(received).toMatch(/^(?:$|HTTP\/1\.1 408 )/);
  });

  it('with more than 16 KiB of headers is refused', async () => {
    await using server = await listening((_request, response) => void response.end());
    const socket = await server.connect();
    socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nx-large: ${'x'.repeat(17_000)}\r\n\r\n`);
    const [chunk] = await once(socket, 'data');
    expect(String(chunk)).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe('Connections over the maximum', () => {
  it('are closed at once and counted, and leave the others alone', async () => {
    await using server = await listening((_request, response) => void response.end('hello'), {
      maxConnections: 3,
    });
    const allowed = [await server.connect(), await server.connect(), await server.connect()];
    const refused = await server.connect();
    await once(refused, 'close');
    expect(server.closed).toEqual(['over_limit']);
    for (const socket of allowed) {
      socket.write(REQUEST);
      const [chunk] = await once(socket, 'data');
      expect(String(chunk)).toMatch(/^HTTP\/1\.1 200 /);
    }
  });
});

describe('A full house', () => {
  const full = () =>
    listening((request, response) => void (request.method === 'GET' && response.end('hello')), {
      maxConnections: 4,
    });
  const isServed = async (socket: Socket): Promise<boolean> => {
    socket.write(REQUEST);
    const [chunk] = await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    return String(chunk).startsWith('HTTP/1.1 200 ');
  };

  it('closes the connection that has been idle for longest, and serves the next one', async () => {
    await using server = await full();
    const served: Socket[] = [];
    for (let count = 0; count < 6; count++) {
      const socket = await server.connect();
      expect(await isServed(socket)).toBe(true);
      served.push(socket);
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    const closed = (): boolean[] => served.map((socket) => socket.closed);
    await expect.poll(closed).toEqual([true, true, true, false, false, false]);
  });

  it.each([
    ['send nothing', ''],
    ['send half of a head', 'GET / HTTP/1.1\r\n'],
    ['send half of a body', 'POST / HTTP/1.1\r\nHost: localhost\r\ncontent-length: 9\r\n\r\nhalf'],
  ])('of clients that %s has room for others after a second', async (_name, sent) => {
    await using server = await full();
    for (let count = 0; count < 4; count++) (await server.connect()).write(sent);
    const isNextServed = async (): Promise<boolean> => isServed((await server.connect()).resume());
    await expect.poll(isNextServed, { interval: 200 }).toBe(true);
  });

  it('closes nobody who waits for an answer', async () => {
    const waiting: (() => void)[] = [];
    await using server = await listening(
      (_request, response) => void waiting.push(() => response.end('late')),
      { maxConnections: 4 },
    );
    const sockets = await Promise.all(Array.from({ length: 4 }, () => server.connect()));
    for (const socket of sockets) socket.write(REQUEST);
    await expect.poll(() => waiting.length).toBe(4);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    for (let count = 0; count < 3; count++) await once((await server.connect()).resume(), 'close');
    const answers = sockets.map(async (socket) => String((await once(socket, 'data'))[0]));
    for (const answer of waiting) answer();
    for (const answer of await Promise.all(answers)) expect(answer).toContain('late');
  });
});

describe('A gateway', () => {
  it('shows closed connections in its metrics', async () => {
    await using upstream = await startRawUpstream(answerWith(200, '[]'));
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    await using server = await listen(gateway, { host: '127.0.0.1', port: 0, maxConnections: 1 });
    const { hostname, port } = new URL(server.url);
    const first = createConnection({ host: hostname, port: Number(port) });
    await once(first, 'connect');
    const second = createConnection({ host: hostname, port: Number(port) });
    await once(second.resume(), 'close');
    first.destroy();
    expect(await gateway.metrics.registry.metrics()).toContain(
      'runs_gateway_connections_closed_total{reason="over_limit"} 1',
    );
  });
});

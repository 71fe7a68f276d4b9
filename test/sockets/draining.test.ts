import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { listen } from '../../src/http/listen.ts';
import { settle } from '../support/clock.ts';
import { liveRun } from '../support/live-runs.ts';
import { openListening } from '../support/open-listening.ts';
import { startProgram } from '../support/program.ts';
import { connectTo } from '../support/raw-request.ts';
import { NO_INIT, openSocket } from '../support/raw-socket.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { HANGS, type Script } from '../support/scripted-upstream.ts';
import { TRANSPORTS } from '../support/subscriber.ts';

/** Behind which subscriptions begin. */
const RUN = liveRun(1, { status: 'completed' });
const QUERY = '{runs(first:1){nodes{id}}}';
const EVENTS = `subscription ($after: String = "${RUN.id}") { runEvents(after: $after) { kind runId cursor } }`;
const HEALTH = 'GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n';

const isRefused = (url: string) =>
  fetch(`${url}/health`).then(
    () => false,
    () => true,
  );

/** An upstream that answers nothing before it is told to. */
function held() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const script: Script = async (_request, next) => {
    await promise;
    return next();
  };
  return { release: resolve, script };
}

describe('DRAIN_GRACE_MS and DRAIN_TIMEOUT_MS: a gateway that drains', () => {
  it('answers what is in flight, and takes no more connections', async () => {
    const { script, release } = held();
    // More than a test may take: no connection stays because it might be used again.
    const times = { drainTimeoutMs: 600_000, keepAliveTimeoutMs: 600_000 };
    await using server = await openListening({ runs: [RUN], script }, times);
    const idle = await connectTo(server.url);
    // Different callers, so that none shares the upstream request of another.
    const answers = Array.from({ length: 64 }, async (_, index) => {
      const headers = { authorization: `Bearer ${index}` };
      return (await fetch(`${server.graphql}?query=${QUERY}`, { headers })).json();
    });
    await expect.poll(() => server.upstream.requests.length).toBe(64);
    const closed = server.listener[Symbol.asyncDispose]();
    await expect.poll(() => isRefused(server.url)).toBe(true);
    // Connections without a request are closed meanwhile.
    expect(await text(idle)).toBe('');
    release();
    const answer = { data: { runs: { nodes: [{ id: RUN.id }] } } };
    expect(await Promise.all(answers)).toEqual(Array.from(answers, () => answer));
    await closed;
  });

  it('answers requests that are in transit when it begins, and closes their connections', async () => {
    await using server = await openListening({}, { drainTimeoutMs: 60_000 });
    const sockets = await Promise.all(Array.from({ length: 30 }, () => connectTo(server.url)));
    // Until the server has accepted them: the system resets those that it has not.
    await settle();
    const closed = server.listener[Symbol.asyncDispose]();
    for (const socket of sockets) socket.write(HEALTH);
    for (const answer of await Promise.all(sockets.map(text))) {
      expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*\nconnection: close\r\n[^]*"ok"/i);
    }
    await closed;
  });

  it('is not ready during its grace, in which it serves all but subscriptions', async () => {
    await using server = await openListening({ runs: [RUN] }, { drainGraceMs: 4_000 });
    const get = (path: string, headers = {}) => fetch(server.url + path, { headers });
    expect((await get('/ready')).status).toBe(200);
    const closed = server.listener[Symbol.asyncDispose]();
    const ready = await get('/ready');
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'draining' }]);
    const answer = await get(`/graphql?query=${QUERY}`);
    expect([answer.headers.get('connection'), await answer.json()]).toEqual([
      'close',
      { data: { runs: { nodes: [{ id: RUN.id }] } } },
    ]);
    const stream = await get(`/graphql?query=${encodeURIComponent(EVENTS)}`, { accept: 'text/event-stream' });
    expect([
      stream.status,
      stream.headers.get('retry-after'),
      stream.headers.get('connection'),
      await stream.text(),
    ]).toEqual([503, '1', 'close', expect.stringContaining('"code":"SUBSCRIPTION_DRAINED"')]);
    // So that proxies choose another replica.
    const client = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    client.on('error', () => undefined);
    const [, response] = await once(client, 'unexpected-response');
    expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '1']);
    client.terminate();
    await closed;
    expect(await isRefused(server.url)).toBe(true);
  });

  it.each(Object.entries(TRANSPORTS))(
    'ends streams by %s with a cursor, from which another replica goes on',
    async (_by, subscribe) => {
      await using server = await openListening({ runs: [RUN] }, { drainTimeoutMs: 2_000 });
      await using replica = await server.another();
      await using other = await listen(replica, { host: '127.0.0.1', port: 0 });
      const watched = Array.from({ length: 10 }, () => subscribe(server.graphql, { query: EVENTS }));
      const added = watched.map(async (events) => (await events.next()).value?.data?.['runEvents']);
      server.store.insert([liveRun(2)]);
      for (const event of await Promise.all(added)) expect(event).toMatchObject({ runId: liveRun(2).id });
      const ended = watched.map(async (events) => (await events.next()).value?.errors);
      await server.listener[Symbol.asyncDispose]();
      const ends = await Promise.all(ended);
      for (const errors of ends) {
        expect(errors).toMatchObject([{ extensions: { code: 'SUBSCRIPTION_DRAINED', retryable: true } }]);
      }
      // While no client watches.
      server.store.update(liveRun(2).id, { status: 'failed', stop_reason: 'error' });
      server.store.insert([liveRun(3)]);
      const after = ends[0]?.[0]?.extensions?.['cursor'];
      const again = subscribe(`${other.url}/graphql`, { query: EVENTS, variables: { after } });
      const events = [await again.next(), await again.next()].map(({ value }) => value?.data?.['runEvents']);
      expect(events).toMatchObject([
        { kind: 'UPDATED', runId: liveRun(2).id },
        { kind: 'ADDED', runId: liveRun(3).id },
      ]);
      await again.return?.();
    },
  );

  it('ends all streams of a WebSocket at once: on it, its client could not subscribe again', async () => {
    const { log, lines } = recordedLog();
    await using server = await openListening(
      { runs: [RUN], config: { log } },
      { drainGraceMs: 0, drainTimeoutMs: 2_000 },
    );
    const open = (id: string) => openSocket(server.graphql, { 'x-request-id': id });
    await using one = await open('one');
    await using other = await open('two');
    for (const [index, socket] of [one, other].entries()) {
      for (let id = 0; id < 20; id++)
        socket.send({ type: 'subscribe', id: `${id}`, payload: { query: EVENTS } });
      await expect.poll(() => server.metric('subscriptions')).toBe(20 * (index + 1));
    }
    await server.listener[Symbol.asyncDispose]();
    const ended = lines.filter(({ message }) => message === 'Stream ended');
    const of = ended.map(({ fields }) => String(fields['requestId']).split('/')[0]);
    // Each of 40 streams at a time of its own would end by turns.
    expect([of.length, of.filter((id, at) => id !== of[at - 1]).length]).toEqual([40, 2]);
  });

  it('ends streams by half of its time after the grace, and WebSockets from then on', async () => {
    const [startDraining, closeUpgraded] = [vi.fn(), vi.fn()];
    const at = { host: '127.0.0.1', port: 0, maxConnections: 1, drainGraceMs: 100, drainTimeoutMs: 400 };
    const listener = await listen({ ...at, listener: () => undefined, startDraining, closeUpgraded });
    const disposed = listener[Symbol.asyncDispose]();
    expect(startDraining).toHaveBeenCalledExactlyOnceWith(300, 200);
    expect(closeUpgraded).not.toHaveBeenCalled();
    await disposed;
    expect(closeUpgraded).toHaveBeenCalledExactlyOnceWith(200);
  });

  it('closes a WebSocket when its operation has ended, and idle ones little by little', async () => {
    const { script, release } = held();
    await using server = await openListening({ runs: [RUN], script }, { drainTimeoutMs: 2_000 });
    const url = server.graphql;
    await using busy = await openSocket(url);
    await busy.next();
    busy.send({ type: 'subscribe', id: '1', payload: { query: QUERY } });
    await expect.poll(() => server.upstream.requests.length).toBe(1);
    const idle = await Promise.all(Array.from({ length: 40 }, () => openSocket(url)));
    for (const socket of idle) await socket.next();
    const left: number[] = [];
    const codes = idle.map(async ({ closed }) => {
      const code = await closed;
      left.push(idle.filter(({ client }) => client.readyState === client.OPEN).length);
      return code;
    });
    const disposed = server.listener[Symbol.asyncDispose]();
    expect(new Set(await Promise.all(codes))).toEqual(new Set([1001]));
    // Most of them were still open when the first ones were closed.
    expect(left[4]).toBeGreaterThan(20);
    release();
    expect(await busy.next()).toMatchObject({ payload: { data: { runs: { nodes: [{ id: RUN.id }] } } } });
    expect(await busy.closed).toBe(1001);
    await disposed;
  });

  it('accepts no WebSocket that was opened before, and says who it is only now', async () => {
    await using server = await openListening();
    await using socket = await openSocket(server.graphql, NO_INIT);
    server.gateway.closeUpgraded();
    socket.send({ type: 'connection_init' });
    expect(await socket.closed).toBe(1001);
    expect(socket.inbox).toEqual([]);
  });

  it('ends although clients neither read nor answer, half-open ones send on, and the upstream is silent', async () => {
    const script: Script = ({ query }, next) => (query.get('limit') === '2' ? HANGS : next());
    await using server = await openListening({ runs: [RUN], script }, { drainTimeoutMs: 300 });
    const url = server.graphql;
    const asked = fetch(`${url}?query={runs(first:1){pageInfo{hasNextPage}}}`).catch(() => 'cut off');
    await using deaf = await openSocket(url);
    await deaf.next();
    deaf.send({ type: 'subscribe', id: '1', payload: { query: EVENTS } });
    await using silent = await openSocket(url, NO_INIT);
    const half = await connectTo(server.url);
    half.on('error', () => undefined);
    half.write('POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{');
    await expect.poll(() => server.metric('subscriptions')).toBe(1);
    for (const { client } of [deaf, silent]) client.pause();
    half.pause();
    await server.listener[Symbol.asyncDispose]();
    expect(await asked).toBe('cut off');
    for (const { client } of [deaf, silent]) client.resume();
    half.destroy();
  });
});

it.each(['SIGTERM', 'SIGINT'] as const)(
  'A program told to stop by %s answers what is in flight, and ends with 0',
  async (signal) => {
    const answers: (() => void)[] = [];
    await using upstream = await startRawUpstream((socket, request) => {
      // It also asks its upstream how it is.
      if (request.head.startsWith('GET /v1/runs/'))
        answers.push(() => answerWith(200, '[]')(socket, request));
    });
    await using program = startProgram(['--port', '0'], { LETTA_BASE_URL: upstream.baseUrl });
    const url = await program.url;
    const asked = fetch(`${url}/graphql?query=${QUERY}`);
    await using stream = await openSocket(`${url}/graphql`);
    await stream.next();
    await expect.poll(() => answers.length).toBe(1);
    program.process.kill(signal);
    expect(await stream.closed).toBe(1001);
    await expect.poll(() => isRefused(url)).toBe(true);
    for (const answer of answers) answer();
    expect(await (await asked).json()).toEqual({ data: { runs: { nodes: [] } } });
    expect((await program.ended).code).toBe(0);
  },
);

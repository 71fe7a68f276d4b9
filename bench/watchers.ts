import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

/**
 * What watchers of one list cost the gateway: memory and CPU while nothing happens, and the time and
 * memory of one event that all are told of, by server-sent events and by WebSockets. The gateway is a
 * process of its own, over an embedded runs API in that process; the clients are sockets here that keep
 * nothing of what they read.
 */
const { values } = parseArgs({
  options: {
    watchers: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '15' },
    transport: { type: 'string', default: 'both' },
    'never-reading': { type: 'boolean', default: false },
  },
});

const QUERY = 'subscription { runEvents { kind runId cursor run { status agentId createdAt } } }';

if (process.send === undefined) {
  const names = values.transport === 'both' ? ['SSE', 'WebSockets'] : [values.transport];
  for (const transport of names) await measure(transport, Number(values.watchers));
} else {
  await serve();
}

async function measure(transport: string, watchers: number): Promise<void> {
  const child = fork(new URL(import.meta.url), { execArgv: ['--expose-gc', '--max-semi-space-size=16'] });
  const ask = async (message: 'usage' | 'event'): Promise<Usage> => {
    child.send(message);
    const [answer]: Usage[] = await once(child, 'message');
    if (answer === undefined) throw new Error('The gateway is gone');
    return answer;
  };
  const [{ port }] = await once(child, 'message');
  const sockets: Socket[] = [];
  const told = new Set<Socket>();
  const perSocket = transport === 'SSE' ? 1 : 100;
  const before = await ask('usage');
  for (let opened = 0; opened < watchers; opened += perSocket) {
    const socket = connect({ port, host: '127.0.0.1' });
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    sockets.push(socket);
    let events = 0;
    socket.on('data', (chunk) => {
      for (let at = chunk.indexOf('"runEvents"'); at !== -1; at = chunk.indexOf('"runEvents"', at + 1))
        events++;
      if (events >= perSocket) told.add(socket);
    });
    if (transport === 'SSE') socket.write(eventSource());
    else await openWebSocket(socket, perSocket);
    if (values['never-reading']) socket.pause();
    // No burst that fills the queue of connections.
    if (sockets.length % 100 === 0) await sleep(5);
  }
  let load = await ask('usage');
  while (load.subscriptions < watchers) {
    await sleep(200);
    load = await ask('usage');
  }
  await sleep(3000);
  const idle = await ask('usage');
  await sleep(Number(values.seconds) * 1000);
  const later = await ask('usage');
  const start = performance.now();
  await ask('event');
  if (values['never-reading']) {
    for (let event = 0; event < 50; event++) {
      await ask('event');
      await sleep(300);
    }
  } else {
    while (told.size < sockets.length) await sleep(5);
  }
  const toldMs = performance.now() - start;
  const after = await ask('usage');
  for (const socket of sockets) socket.destroy();
  let closed = await ask('usage');
  while (closed.subscriptions > 0) {
    await sleep(200);
    closed = await ask('usage');
  }
  const cpu = (later.cpuMs - idle.cpuMs) / Number(values.seconds);
  const each = (bytes: number): string => (bytes / 1e3 / watchers).toFixed(1);
  process.stdout.write(
    [
      `| ${watchers} watchers by ${transport} | |`,
      '| --- | ---: |',
      `| connections | ${sockets.length}${values['never-reading'] ? ', never read' : ''} |`,
      `| memory of each, KB resident (heap) | ${each(idle.rss - before.rss)} (${each(idle.heap - before.heap)}) |`,
      `| the same after the events | ${each(after.rss - before.rss)} (${each(after.heap - before.heap)}) |`,
      `| CPU while nothing happens, ms a second | ${cpu.toFixed(1)} |`,
      `| upstream requests a second | ${((later.requests - idle.requests) / Number(values.seconds)).toFixed(2)} |`,
      `| events: until all are told; CPU, ms | ${toldMs.toFixed(0)}; ${(after.cpuMs - later.cpuMs).toFixed(0)} |`,
      `| heap before they come; when they have left, MB | ${mb(before.heap)}; ${mb(closed.heap)} |`,
      '',
      '',
    ].join('\n'),
  );
  child.disconnect();
  await once(child, 'exit');
}

function eventSource(): string {
  const body = JSON.stringify({ query: QUERY });
  return `POST /graphql HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

async function openWebSocket(socket: Socket, operations: number): Promise<void> {
  socket.write(
    'GET /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n',
  );
  await once(socket, 'data');
  socket.write(frame({ type: 'connection_init' }));
  await once(socket, 'data');
  for (let id = 0; id < operations; id++) {
    socket.write(frame({ type: 'subscribe', id: String(id), payload: { query: QUERY } }));
  }
  // Answers pings, as clients must.
  socket.on('data', (chunk) => {
    if (chunk[0] === 0x89) socket.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
  });
}

/** A text frame whose mask is zero. */
function frame(message: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(message));
  const head =
    text.length < 126 ? [0x81, 0x80 | text.length] : [0x81, 0xfe, text.length >> 8, text.length & 0xff];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), text]);
}

interface Usage {
  readonly rss: number;
  readonly heap: number;
  readonly cpuMs: number;
  readonly subscriptions: number;
  readonly requests: number;
}

/** The gateway. */
async function serve(): Promise<void> {
  const { openListening } = await import('../test/support/open-listening.ts');
  let serial = 0;
  const run = () => {
    serial += 1;
    return {
      id: `run-00000000-0000-4000-8000-${String(serial).padStart(12, '0')}`,
      agent_id: 'agent-00000000-0000-4000-8000-000000000001',
      status: 'running' as const,
      created_at: new Date().toISOString(),
    };
  };
  const config = { maxSubscriptions: 100_000, maxConnections: 100_000, maxConnectionsPerCaller: 100_000 };
  await using test = await openListening({ runs: [run(), run()], config });
  const usage = async (): Promise<Usage> => {
    globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    const text = await test.gateway.metrics.registry.metrics();
    const subscriptions = Number(/runs_gateway_subscriptions (\d+)/.exec(text)?.[1]);
    const { rss, heapUsed: heap } = process.memoryUsage();
    return {
      rss,
      heap,
      cpuMs: (user + system) / 1000,
      subscriptions,
      requests: test.upstream.requests.length,
    };
  };
  process.on('message', async (message) => {
    if (message === 'event') test.store.insert([run()]);
    process.send?.(await usage());
  });
  process.send?.({ port: Number(new URL(test.url).port) });
  await once(process, 'disconnect');
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

import { once } from 'node:events';
import { connect } from 'node:net';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { figure, print } from './harness/print-figures.ts';
import { cpuMs, rssMb } from './harness/process-usage.ts';
import { readOptions } from './harness/rounds.ts';
import { metric, type Service, startService } from './harness/service.ts';

/**
 * What watchers of one list cost the gateway, by server-sent events and by WebSockets: memory and CPU while nothing
 * happens, and one event that all are told of. Linux only.
 */
const { watchers, seconds } = readOptions({ watchers: 10_000, seconds: 15 });
const QUERY = 'subscription { runEvents { kind runId cursor run { status agentId createdAt } } }';
const ON_WEBSOCKET = 100;
const lines: string[][] = [];
const told = { events: 0 };

lines.push(await measure('server-sent events', openEventStream, 1));
lines.push(await measure(`WebSockets, ${ON_WEBSOCKET} subscriptions on each`, openWebSocket, ON_WEBSOCKET));
print(
  `${watchers} watchers of one list, ${seconds} s without an event`,
  ['', 'KB of each', 'idle: CPU, ms a second', 'an event: until all have it, ms', 'its CPU, ms'],
  lines,
);

/** @param open opens a connection with so many subscriptions, and returns what closes it */
async function measure(
  name: string,
  open: (gateway: Service) => Promise<() => unknown>,
  subscriptions: number,
): Promise<string[]> {
  await using gateway = await startService('--max-semi-space-size=16 bench/harness/watched-gateway.ts');
  const before = rssMb(gateway);
  const closers: (() => unknown)[] = [];
  for (let opened = 0; opened < watchers; opened += subscriptions) {
    closers.push(await open(gateway));
    // No burst that fills the queue of connections.
    if (closers.length % 100 === 0) await sleep(5);
  }
  while ((await metric(gateway, 'subscriptions')) < watchers) await sleep(200);
  await sleep(3000);
  const [memory, idleCpu] = [rssMb(gateway) - before, cpuMs(gateway)];
  await sleep(seconds * 1000);
  const [start, cpu] = [performance.now(), cpuMs(gateway)];
  told.events = 0;
  process.kill(gateway.pid, 'SIGUSR2');
  while (told.events < watchers) await sleep(5);
  const [toldMs, toldCpu] = [performance.now() - start, cpuMs(gateway) - cpu];
  for (const close of closers) close();
  const numbers = [(memory * 1024) / watchers, (cpu - idleCpu) / seconds, toldMs, toldCpu];
  return [name, ...numbers.map((number) => figure([number]))];
}

async function openEventStream({ url }: Service): Promise<() => unknown> {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' });
  await once(socket, 'connect');
  socket.on('data', (chunk) => (told.events += chunk.includes('"runEvents"') ? 1 : 0));
  const body = JSON.stringify({ query: QUERY });
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  return () => socket.destroy();
}

async function openWebSocket({ url }: Service): Promise<() => unknown> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.addEventListener(
    'message',
    ({ data }) => (told.events += String(data).includes('"runEvents"') ? 1 : 0),
  );
  const send = (message: object): void => socket.send(JSON.stringify(message));
  send({ type: 'connection_init' });
  await once(socket, 'message');
  for (let id = 0; id < ON_WEBSOCKET; id++) {
    send({ type: 'subscribe', id: String(id), payload: { query: QUERY } });
  }
  return () => socket.close();
}

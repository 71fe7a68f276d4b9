import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { dial, dialWebSocket, post, subscribe } from '../test/soak/wire.ts';
import { circumstances, figure, print, table, tell } from './harness/figures.ts';
import { freePort, openHeapProbe } from './harness/heap.ts';
import { startGateway, startUpstream } from './harness/service.ts';
import { rssMb } from './harness/usage.ts';

/** Whether the gateway keeps anything of connections that come and go, by all transports, each a caller of its own. */
const { values } = parseArgs({
  options: {
    visitors: { type: 'string', default: '18000' },
    /** How many there are at once. */
    'at-once': { type: 'string', default: '100' },
  },
});
const visitors = Number(values.visitors);
const STEPS = 6;
const { signal } = new AbortController();
const QUERY = '{ runs(first: 10) { nodes { id status } } }';
const EVENTS = 'subscription { runEvents { kind runId } }';

await using upstream = await startUpstream();
const inspector = await freePort();
await using gateway = await startGateway(upstream.url, [`--inspect=127.0.0.1:${inspector}`]);
using heap = await openHeapProbe(inspector);

/** What visitors do, by turns; all of them leave without a word. */
const VISITS: readonly ((token: string) => Promise<unknown>)[] = [
  (token) => stay(post(token, JSON.stringify({ query: QUERY }))),
  (token) => stay(post(token, JSON.stringify({ query: EVENTS }), 'text/event-stream')),
  // Within its request.
  (token) => stay(post(token, JSON.stringify({ query: QUERY })).slice(0, -10), 5),
  async (token) => {
    using socket = disposable(await dialWebSocket({ url: gateway.url, signal }, token));
    socket.value.write(subscribe(1, EVENTS));
    socket.value.write(subscribe(2, QUERY));
    await once(socket.value, 'data');
  },
];

const lines: string[][] = [];
let come = 0;
for (let step = 0; step <= STEPS; step++) {
  const until = Math.round((visitors * step) / STEPS) + Number(values['at-once']);
  const visit = async (): Promise<void> => {
    while (come < until) {
      const number = come++;
      // oxlint-disable-next-line no-await-in-loop -- One visitor after the other.
      await VISITS[number % VISITS.length]?.(`visitor-${number}`);
    }
  };
  await Promise.all(Array.from({ length: Number(values['at-once']) }, visit));
  await allGone();
  lines.push([String(come), figure(await heap.usedMb()), figure(rssMb(gateway.pid))]);
  tell(`${come} visitors`);
}
print(
  `${circumstances()}; ${values['at-once']} connections at a time; the heap after a garbage collection`,
  '',
  table(['connections so far', 'heap MB', 'RSS MB'], lines),
);

/** Sends something, and leaves with the first bytes of the answer or after so many milliseconds. */
async function stay(bytes: string, ms?: number): Promise<void> {
  using socket = disposable(await dial({ url: gateway.url, signal }));
  socket.value.write(bytes);
  await (ms === undefined
    ? once(socket.value, 'data')
    : new Promise((resolve) => {
        setTimeout(resolve, ms);
      }));
}

/** Until the gateway has noticed that all have left. */
async function allGone(): Promise<void> {
  for (;;) {
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    if (/^runs_gateway_subscriptions 0$/m.test(metrics)) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}

function disposable<Socket extends { destroy(): void }>(value: Socket): Disposable & { value: Socket } {
  return { value, [Symbol.dispose]: () => value.destroy() };
}

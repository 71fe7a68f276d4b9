import { fork } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { latencies, type QueryTally, walk } from './queries.ts';
import { type Replica, startReplicas } from './replicas.ts';
import { BUSY_AGENT, startKnownRuns } from './runs.ts';
import { overEvents, overWebSocket, watch, webSocketClient } from './streams.ts';

/**
 * Three gateways behind the shipped nginx file, asked and watched while they are replaced, killed and paused: no
 * answer is wrong, no query fails but for a pause, and no event is lost or comes twice. About three minutes, all on
 * loopback. Needs nginx.
 */
const { values } = parseArgs({
  options: {
    /** Walks over the known list, and streams by server-sent events and by WebSockets. */
    walks: { type: 'string', default: '12' },
    streams: { type: 'string', default: '24' },
    /** Milliseconds from one change of a run to the next. */
    'change-every': { type: 'string', default: '200' },
    /** How many of the three are replaced and killed. */
    replicas: { type: 'string', default: '3' },
    /** Seconds that a replica is paused for, and after which nginx gives up on it; 35 in the shipped file. */
    pause: { type: 'string', default: '45' },
    'read-timeout': { type: 'string', default: '35' },
    /** Streams beside which a neighbour's queries are measured at last; 0 leaves that out. */
    neighbours: { type: 'string', default: '1500' },
  },
});
/** Of the slowest query, in medians. */
const MAX_SLOWEST = 10;
/** Milliseconds that nginx leaves a replica out for, and that the last events may take. */
const LEFT_OUT_MS = 6_000;
const SETTLING_MS = 60_000;
const NEIGHBOUR_MS = 20_000;
const CALLERS = 6;

const reasons: string[] = [];
const rows: (readonly (string | number)[])[] = [];
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

await using runs = await startKnownRuns();
await using gateways = await startReplicas(runs.baseUrl, {
  readTimeoutSeconds: Number(values['read-timeout']),
});
const { url, replicas } = gateways;
const load = new AbortController();
const callerOf = (index: number): string => `caller-${index % CALLERS}`;
const queries: QueryTally = { asked: 0, failed: [], wrong: [] };
const walks = Array.from({ length: Number(values.walks) }, (_, index) =>
  walk(url, runs, callerOf(index), queries, load.signal),
);
const half = Math.ceil(Number(values.streams) / 2);
const clients = Array.from({ length: Math.ceil(half / 2) }, (_, index) =>
  webSocketClient(url, callerOf(index), index % 2 === 0),
);
const streams = [
  ...Array.from({ length: half }, (_, index) => overEvents(url, callerOf(index))),
  ...clients.flatMap((client) => [overWebSocket(client), overWebSocket(client)]),
].map((open) => watch(open, runs.start, load.signal));
const stopChanging = runs.change(Number(values['change-every']));
await sleep(3_000);

await phase('rolling restart', { mayFail: false, most: Number(values.replicas) }, async (replica) => {
  const code = await replica.stop('SIGTERM');
  if (code !== 0) reasons.push(`a replica ended with ${code} after SIGTERM`);
  await replica.start();
});
await phase('kill -9', { mayFail: false, most: Number(values.replicas) }, async (replica) => {
  await replica.stop('SIGKILL');
  await sleep(2_000);
  await replica.start();
});
await phase('a pause', { mayFail: true, most: 1 }, async (replica) => {
  replica.pause();
  await sleep(Number(values.pause) * 1000);
  replica.resume();
});

stopChanging();
const isComplete = (): boolean =>
  streams.every(({ statuses }) => [...runs.statuses].every(([id, status]) => statuses.get(id) === status));
for (const end = performance.now() + SETTLING_MS; !isComplete() && performance.now() < end;) await sleep(100);
load.abort();
await Promise.all(walks);
for (const client of clients) await client.dispose();
const lost = streams.flatMap(({ statuses }, stream) =>
  [...runs.statuses]
    .filter(([id, status]) => statuses.get(id) !== status)
    .map(([id, status]) => `stream ${stream}: ${id} is ${status}, and was last ${statuses.get(id)}`),
);
blame('an answer was wrong', queries.wrong);
blame('an event was lost', lost);
blame(
  'an event came twice',
  streams.flatMap(({ repeated }) => repeated),
);
rows.push(['events lost; twice', `${lost.length}; ${streams.flatMap(({ repeated }) => repeated).length}`]);
if (Number(values.neighbours) > 0) await measureNeighbour(Number(values.neighbours));
process.stdout.write(
  ['| | |', '| --- | ---: |', ...rows.map((cells) => `| ${cells.join(' | ')} |`), ''].join('\n'),
);
if (reasons.length > 0) {
  process.stdout.write(`\nIt has failed:\n${reasons.map((reason) => `- ${reason}\n`).join('')}`);
  process.exitCode = 1;
}

/** Does something to one replica after the other, and reports what became of queries and streams meanwhile. */
async function phase(
  name: string,
  options: { readonly mayFail: boolean; readonly most: number },
  act: (replica: Replica) => Promise<void>,
): Promise<void> {
  const [asked, failed] = [queries.asked, queries.failed.length];
  const events = sum(({ events: each }) => each);
  const ended = streams.map((stream) => stream.ended.length);
  let drained = 0;
  for (const replica of replicas.slice(0, options.most)) {
    const start = performance.now();
    await act(replica);
    await sleep(LEFT_OUT_MS);
    const each = streams.map(({ drainedAt }) => drainedAt.filter((at) => at >= start).length);
    drained += each.reduce((total, count) => total + count, 0);
    if (Math.max(...each) > 1)
      reasons.push(`${name}: a stream was drained ${Math.max(...each)} times at once`);
  }
  const failures = queries.failed.slice(failed);
  const ends = streams.flatMap((stream, index) => stream.ended.slice(ended[index]));
  if (!options.mayFail) blame(`${name}: a query failed`, failures);
  const most = Object.entries(Object.groupBy(ends, (reason) => reason.slice(0, 60)))
    .map(([reason, all]) => `${all?.length} ${reason}`)
    .join('; ');
  rows.push(
    [`${name}: queries; failed`, `${queries.asked - asked}; ${failures.length}`],
    [`${name}: events`, sum(({ events: each }) => each) - events],
    [`${name}: streams drained`, drained],
    [`${name}: other ends of streams`, most || 0],
  );
}

function sum(of: (stream: (typeof streams)[number]) => number): number {
  return streams.reduce((total, stream) => total + of(stream), 0);
}

function blame(what: string, found: readonly string[]): void {
  if (found.length > 0) reasons.push(`${what}, ${found.length} times: ${found.slice(0, 3).join('; ')}`);
}

/** How long a caller's queries take beside many streams of others. */
async function measureNeighbour(count: number): Promise<void> {
  const query = `subscription { runEvents(agentId: "${BUSY_AGENT}") { kind runId cursor run { status } } }`;
  const child = fork(new URL('many-streams.ts', import.meta.url), [
    url,
    JSON.stringify({ query }),
    String(count),
    String(CALLERS),
  ]);
  await once(child, 'message');
  await sleep(LEFT_OUT_MS);
  const stop = runs.change(1_000);
  const beside = await latencies(url, 'neighbour', NEIGHBOUR_MS);
  stop();
  child.kill();
  await once(child, 'exit');
  const alone = await latencies(url, 'neighbour', NEIGHBOUR_MS);
  for (const [circumstance, took] of Object.entries({ [`beside ${count} streams`]: beside, alone })) {
    rows.push([
      `a neighbour's queries ${circumstance}: median; p99; slowest, ms`,
      quantiles(took).join('; '),
    ]);
  }
  const [median = Number.NaN, , slowest = Number.NaN] = quantiles(beside);
  if (!(slowest <= MAX_SLOWEST * median)) {
    reasons.push(`beside ${count} streams, the slowest query took ${(slowest / median).toFixed(1)} medians`);
  }
}

/** The median, the 99th percentile and the most. @param sorted in ascending order */
function quantiles(sorted: readonly number[]): readonly number[] {
  return [0.5, 0.99, 1].map((share) =>
    Number((sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN).toFixed(1)),
  );
}

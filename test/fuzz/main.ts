import process from 'node:process';
import { parseArgs } from 'node:util';
import { startEmbeddedApi } from '../../embedded-api/index.ts';
import { startGatewayProcess } from '../soak/gateway-process.ts';
import { least, mebibytes, median, observe, thirds } from '../soak/observations.ts';
import { problemsOf } from './check-response.ts';
import { type Connection, createConnection, sendGarbage } from './connection.ts';
import { readResponse } from './http-response.ts';
import { introduce } from './introduce.ts';
import { createCases, type NumberedCase } from './kinds.ts';
import { createSummary } from './summary.ts';

/**
 * Sends malformed and hostile requests to a gateway over its embedded runs API, and checks that it
 * always answers like a server that is well. All on loopback. Linux only: it reads /proc.
 */
const { values } = parseArgs({
  options: {
    /** Requests. */
    count: { type: 'string', default: '100000' },
    /** The same seed makes the same requests. */
    seed: { type: 'string', default: '1' },
    /** Number of the first request, to make one of them again. */
    from: { type: 'string', default: '0' },
    /** Kinds that are left out, such as one that fails for a reason already known. */
    skip: { type: 'string', multiple: true, default: [] },
    /** Requests at once. */
    clients: { type: 'string', default: '16' },
    /** What the gateway may weigh at the end, in MiB. */
    'max-rss': { type: 'string', default: '1200' },
  },
});
const [count, seed, from] = [Number(values.count), Number(values.seed), Number(values.from)];
const [clients, maxRss] = [Number(values.clients), Number(values['max-rss'])];
if (![count, seed, from, clients, maxRss].every(Number.isSafeInteger)) {
  throw new RangeError('expected whole numbers for --count, --seed, --from, --clients and --max-rss');
}

process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

await using api = await startEmbeddedApi({
  onError: (error) => {
    throw error;
  },
  now: () => new Date('2026-11-20T17:00:00Z'),
});
const upstreamHost = new URL(api.baseUrl).host;
await using gateway = await startGatewayProcess({ LETTA_BASE_URL: api.baseUrl });
const { port } = new URL(gateway.url);
const { answer, ...known } = await introduce(gateway.url);
const makeCase = createCases(seed, known);
const summary = createSummary(seed, Number(port));
const observations = observe(gateway);
const start = performance.now();
let next = from;
await Promise.all(Array.from({ length: clients }, runClient));
const seconds = (performance.now() - start) / 1000;
const reasons = await reasonsToFail();

process.stdout.write(`${summary.table()}\n\n`);
process.stdout.write(
  `${next - from} requests with seed ${seed} in ${seconds.toFixed(0)} s, ${summary.failureCount()} failures\n`,
);
process.stdout.write(
  `RSS, median of each third: ${inThirds(observations.residentBytes, median)}; heap, least of each third: ${inThirds(observations.heapBytes, least)}\n`,
);
if (reasons.length > 0) {
  process.stdout.write(`\nThe fuzzing has failed:\n${reasons.join('\n')}\n`);
  process.exitCode = 1;
}

/** Sends one case after the other until there are no more, or there is nobody to send them to. */
async function runClient(): Promise<void> {
  using connection = createConnection(Number(port));
  while (next < from + count && gateway.isRunning()) {
    const index = next++;
    const one = makeCase(index);
    if (values.skip.includes(one.kind)) continue;
    const sentAt = performance.now();
    await (one.isRequest ? sendRequest(connection, index, one) : sendBytes(index, one));
    summary.took(one.kind, performance.now() - sentAt);
  }
}

async function sendRequest(connection: Connection, index: number, one: NumberedCase): Promise<void> {
  const response = await connection.exchange(one.bytes, one.isHead);
  if (typeof response === 'string') {
    summary.count(one.kind, response);
    summary.fail(index, one.kind, [`no answer: ${response}`], one.bytes, '');
    return;
  }
  summary.count(one.kind, String(response.status));
  const problems = problemsOf(response, upstreamHost);
  if (problems.length > 0) summary.fail(index, one.kind, problems, one.bytes, response.body.toString());
}

async function sendBytes(index: number, { kind, bytes }: NumberedCase): Promise<void> {
  let rest = await sendGarbage(Number(port), bytes);
  if (rest.length === 0) summary.count(kind, 'dropped');
  while (rest.length > 0) {
    const response = readResponse(rest, false);
    if (typeof response === 'string') {
      summary.count(kind, response);
      if (response === 'malformed') summary.fail(index, kind, [response], bytes, rest.toString('latin1'));
      return;
    }
    summary.count(kind, String(response.status));
    const problems = problemsOf(response, upstreamHost);
    if (problems.length > 0) summary.fail(index, kind, problems, bytes, response.body.toString());
    rest = rest.subarray(response.length);
  }
}

/** Ends the gateway, and says everything that was wrong. */
async function reasonsToFail(): Promise<readonly string[]> {
  const found = [...summary.failures];
  await observations
    .stop()
    .catch((error: unknown) => found.push(`it could not be observed: ${String(error)}`));
  if (!gateway.isRunning()) {
    found.push('the gateway ended by itself');
  } else {
    const last = await introduce(gateway.url).catch(String);
    if (typeof last === 'string' || last.answer !== answer)
      found.push('a usual query is not answered any more');
    const rss = observations.residentBytes.at(-1) ?? Number.NaN;
    if (!(rss <= maxRss * 1024 * 1024)) found.push(`the gateway weighs ${mebibytes(rss)}`);
  }
  const exitCode = await gateway.stop();
  if (exitCode !== 0) found.push(`expected exit code 0 after SIGTERM, but got ${exitCode}`);
  found.push(...gateway.log.strangeLines.map((line) => `on stderr: ${line}`));
  found.push(...gateway.log.bugs.map((line) => `in the log: ${line}`));
  return found;
}

function inThirds(samples: readonly number[], summarize: (third: readonly number[]) => number): string {
  return thirds(samples, summarize).map(mebibytes).join(', ');
}

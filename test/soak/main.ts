import process from 'node:process';
import { parseArgs } from 'node:util';
import { createRandom } from '../../embedded-api/samples/random.ts';
import { sampleRuns } from '../../embedded-api/samples/sample-runs.ts';
import { startRunsApi } from '../../embedded-api/server.ts';
import { openStore } from '../../embedded-api/store/store.ts';
import { readDocumentedCodes } from './documented-codes.ts';
import { createExpectedRuns } from './expected-runs.ts';
import { startFaultyProxy } from './faulty-proxy.ts';
import { startGatewayProcess } from './gateway-process.ts';
import { createHttpClient } from './http-client.ts';
import { runLoad } from './load.ts';
import { growthProblem, least, mebibytes, median, observe, thirds } from './observations.ts';
import { createOperations } from './operations.ts';
import { createTally } from './tally.ts';

/**
 * Asks a gateway steadily for minutes, over an upstream that fails now and then, and checks that
 * no answer is wrong and that its memory stays flat. All on loopback. Linux only: it reads /proc.
 */
const { values } = parseArgs({
  options: {
    /** How long the load lasts; the memory is judged from 4 minutes on. */
    minutes: { type: 'string', default: '10' },
    /** Queries a second. */
    rate: { type: 'string', default: '50' },
    /** The same seed makes the same runs, queries and failures; their timing is that of the machine. */
    seed: { type: 'string', default: '1' },
    /** Share of the upstream's answers that fail, 0 to 1. */
    failing: { type: 'string', default: '0.1' },
  },
});
const [minutes, rate, failing] = [Number(values.minutes), Number(values.rate), Number(values.failing)];
const seed = Number(values.seed);
if (!(minutes > 0 && rate > 0 && failing >= 0 && failing <= 1 && Number.isInteger(seed))) {
  throw new RangeError('expected --minutes and --rate above 0, --failing from 0 to 1 and a whole --seed');
}
const RUNS = 3_000;

process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const runs = [...sampleRuns({ count: RUNS, seed, now: new Date('2026-11-20T17:00:00Z') })];
using store = openStore();
store.insert(runs);
await using api = await startRunsApi({ store });
await using proxy = await startFaultyProxy({ target: api.baseUrl, failing, seed });
await using gateway = await startGatewayProcess({
  LETTA_BASE_URL: proxy.baseUrl,
  UPSTREAM_TIMEOUT_MS: '1000',
});
using client = createHttpClient(gateway.url);

const tally = createTally();
const observations = observe(gateway);
const random = createRandom(seed + 1);
const start = performance.now();
await runLoad({
  client,
  random,
  tally,
  rate,
  durationMs: minutes * 60_000,
  documentedCodes: readDocumentedCodes(),
  nextOperation: createOperations(createExpectedRuns(runs), random),
  goesOn: () => gateway.isRunning(),
});
const seconds = (performance.now() - start) / 1000;
const reasons = await reasonsToFail();
process.stdout.write(`${table().join('\n')}\n`);
if (reasons.length > 0) {
  process.stdout.write(`\nThe soak has failed:\n${reasons.map((reason) => `- ${reason}\n`).join('')}`);
  process.exitCode = 1;
}

/** Ends the gateway, and says everything that was wrong with it. */
async function reasonsToFail(): Promise<readonly string[]> {
  const found = [...tally.problems];
  const more = tally.problemCount - tally.problems.length;
  if (more > 0) found.push(`and ${more} more like these`);
  if (!gateway.isRunning()) found.push('the gateway ended by itself');
  await observations
    .stop()
    .catch((error: unknown) => found.push(`it could not be observed: ${String(error)}`));
  const exitCode = await gateway.stop();
  if (exitCode !== 0) found.push(`expected exit code 0 after SIGTERM, but got ${exitCode}`);
  if (tally.withData === 0) found.push('no answer had data');
  if (tally.skipped > 0) found.push(`${tally.skipped} queries were not sent: too many were under way`);
  const growth = growthProblem(observations.residentBytes);
  if (growth !== null) found.push(growth);
  found.push(...gateway.log.strangeLines.map((line) => `on stderr: ${line}`));
  found.push(...gateway.log.bugs.map((line) => `in the log: ${line}`));
  return found;
}

/** What has happened, as a table in Markdown. */
function table(): readonly string[] {
  const { residentBytes, heapBytes } = observations;
  const rss = (place: number): string =>
    mebibytes(residentBytes.at(Math.floor(residentBytes.length * place)) ?? Number.NaN);
  const codes = [...tally.byCode].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const rows: readonly (readonly [string, string | number])[] = [
    ['duration', `${seconds.toFixed(0)} s`],
    ['queries', tally.queries],
    ['answers with data', tally.withData],
    ...codes.map(([code, count]) => [`errors ${code}`, count] as const),
    ['hang-ups', tally.hangUps],
    ['requests at the upstream', proxy.requests()],
    ['of which it failed', [...proxy.failures.values()].reduce((sum, count) => sum + count, 0)],
    ['upstream attempts', observations.total('runs_gateway_upstream_attempts_total')],
    ['upstream retries', observations.total('runs_gateway_upstream_retries_total')],
    ['retries withheld', observations.total('runs_gateway_upstream_retries_withheld_total')],
    ['breaker openings', gateway.log.breakerOpenings],
    ['latency p50', `${tally.percentileMs(50).toFixed(1)} ms`],
    ['latency p99', `${tally.percentileMs(99).toFixed(1)} ms`],
    ['RSS at 1/3', rss(1 / 3)],
    ['RSS at 2/3', rss(2 / 3)],
    ['RSS at the end', mebibytes(residentBytes.at(-1) ?? Number.NaN)],
    ['RSS, median of each third', thirds(residentBytes, median).map(mebibytes).join(', ')],
    ['heap, least of each third', thirds(heapBytes, least).map(mebibytes).join(', ')],
  ];
  return ['| | |', '| --- | ---: |', ...rows.map(([name, value]) => `| ${name} | ${value} |`)];
}

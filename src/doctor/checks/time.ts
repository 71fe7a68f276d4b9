import { HEALTH_PATH } from '../../upstream/letta/runs-url.ts';
import { type ExaminedUpstream, textOf } from '../examined-upstream.ts';
import { type FactsOf, type Finding, note, ok, problem } from '../finding.ts';

/** Seconds between two clocks that make a difference, and that make a mistake. */
const SKEW_NOTE = 2;
const SKEW_PROBLEM = 10;

/** Whether the upstream's clock, by its `Date` header and its newest run, is that of this machine. */
export async function clock(upstream: ExaminedUpstream, factsOf: FactsOf): Promise<Finding> {
  const { headers, sentAt, milliseconds } = await upstream.health();
  const date = Date.parse(textOf(headers['date']) ?? '');
  const { newest = null } = factsOf('rows');
  const ahead = newest === null ? 0 : (Date.parse(`${newest}Z`) - sentAt - milliseconds) / 1000;
  if (Number.isNaN(date)) {
    return ahead > SKEW_NOTE ? skewed(ahead, 'its newest run') : note('not told: answers have no Date');
  }
  // The header has whole seconds, and the answer was on its way for some time.
  const early = (date - sentAt - milliseconds) / 1000;
  const late = (date + 1000 - sentAt) / 1000;
  const skew = early > 0 ? early : Math.min(late, 0);
  if (Math.abs(skew) > SKEW_NOTE) return skewed(skew, 'its Date');
  return ahead > SKEW_NOTE ? skewed(ahead, 'its newest run') : ok('the same as here', { skewSeconds: 0 });
}

function skewed(seconds: number, source: string): Finding {
  const skewSeconds = Math.round(seconds);
  const text = `${Math.abs(skewSeconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} this machine's, by ${source}`;
  const advice = 'Set both clocks by NTP: windows such as "the last hour" are off by as much.';
  const facts = { skewSeconds };
  return Math.abs(seconds) > SKEW_PROBLEM ? problem(text, advice, facts) : note(text, advice, facts);
}

const PROBES = 5;
/** Milliseconds from which distance is worth a word, and from which it is too much. */
const FAR_MS = 300;
const SLOW_MS = 1500;

/** How long the upstream takes: the median of five health checks, and one page of runs. */
export async function latency(upstream: ExaminedUpstream): Promise<Finding> {
  const times = [(await upstream.health()).milliseconds];
  while (times.length < PROBES) times.push((await upstream.answer(HEALTH_PATH, {})).milliseconds);
  const medianMs = times.toSorted((a, b) => a - b)[Math.floor(PROBES / 2)] ?? 0;
  // Where they can't be had, another check says so.
  const listMs = await upstream.top(true).then(
    ({ milliseconds }) => milliseconds,
    () => null,
  );
  const { timeoutMs } = upstream.options;
  const facts = { medianMs, listMs };
  const ofList = listMs === null ? '' : `; the newest runs ${listMs} ms`;
  const text = `${medianMs} ms (median of ${PROBES})${ofList}`;
  if (Math.max(medianMs, listMs ?? 0) > Math.min(SLOW_MS, timeoutMs / 4)) {
    const advice = `Look why the runs API is slow; calls end after UPSTREAM_TIMEOUT_MS (${timeoutMs}).`;
    return problem(`${text}: very slow`, advice, facts);
  }
  return medianMs > FAR_MS
    ? note(text, 'Run the gateway nearer to the runs API: each round trip takes that long.', facts)
    : ok(text, facts);
}

/** Whether the upstream refused requests because there were too many. */
export async function quota({ refusals, requests }: ExaminedUpstream): Promise<Finding> {
  if (refusals.length === 0) return ok(`none of ${requests} requests met a 429`, { refusals: 0 });
  const waits = refusals.filter((ms) => ms !== null);
  const advised =
    waits.length === 0 ? 'without saying when to come back' : `to wait up to ${Math.max(...waits) / 1000} s`;
  return note(
    `${refusals.length} of ${requests} requests met a 429, ${advised}`,
    'Ask less often, or raise the quota of the account: clients of the gateway will meet it as RATE_LIMITED.',
    { refusals: refusals.length },
  );
}

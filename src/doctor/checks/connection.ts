import { UpstreamError } from '../../errors/upstream-error.ts';
import { parseInputJson } from '../../json/parse-json.ts';
import type { ExaminedUpstream, HealthAnswer } from '../examined-upstream.ts';
import { adviceOnStatus, NOT_LETTA } from '../explain.ts';
import { type Finding, ok, problem, warning } from '../finding.ts';

/** The first release with this API of runs, and the release that this gateway was made for. */
const OLDEST = '0.12.0';
const REFERENCE = '0.16.7';
/** Seconds between two clocks that make a difference, and that make a mistake. */
const SKEW_WARNING = 2;
const SKEW_PROBLEM = 10;

/** Whether the upstream can be reached, and is a Letta server of a release that is served. */
export async function connection(upstream: ExaminedUpstream): Promise<Finding> {
  const answer = await upstream.health();
  const { status, headers, milliseconds } = answer;
  const version = versionOf(answer);
  if (version !== undefined) return ofRelease(version, `in ${milliseconds} ms with connecting`);
  if (status >= 300 && status < 400) {
    return problem(
      `redirects to ${String(headers['location'])}, which is not followed`,
      adviceOnStatus(status),
    );
  }
  const isServing = !((await upstream.newest()) instanceof UpstreamError);
  if (isServing || status === 401 || status === 403) {
    const text = `answers, but not to the health check (${status}), so that /ready says 503`;
    return warning(text, 'Let GET /v1/health/ through without credentials, if something uses /ready.');
  }
  const text = `GET /v1/health/ answered ${status}`;
  if (status !== 200 && status !== 404) return problem(text, adviceOnStatus(status));
  return problem(
    `is not a Letta server: ${text} with ${String(headers['content-type'] ?? 'no type')}`,
    NOT_LETTA,
  );
}

/** The version in a health check, empty if it has none; undefined if it is no health check of Letta. */
function versionOf({ status, text }: HealthAnswer): string | undefined {
  if (status !== 200) return undefined;
  try {
    const { version, status: state }: { version?: unknown; status?: unknown } = Object(parseInputJson(text));
    if (typeof version === 'string') return version;
    return state === undefined ? undefined : '';
  } catch {
    return undefined;
  }
}

function ofRelease(version: string, time: string): Finding {
  if (version === '') return ok(`a server that does not tell its version, ${time}`);
  const compare = (release: string): number =>
    version.replace(/^v/, '').localeCompare(release, 'en', { numeric: true });
  if (compare(OLDEST) < 0) {
    const text = `Letta ${version} is too old: it has another API of runs`;
    return problem(text, `Update it to ${OLDEST} or newer.`);
  }
  if (compare(REFERENCE) <= 0) return ok(`Letta ${version}, ${time}`);
  const text = `Letta ${version}, ${time}; this gateway was made for ${REFERENCE}`;
  return warning(text, 'Look for a newer gateway.');
}

/** Whether the upstream's clock, by its `Date` header, is that of this machine. */
export async function clock(upstream: ExaminedUpstream): Promise<Finding> {
  const { headers, milliseconds } = await upstream.health();
  const here = upstream.now();
  const there = Date.parse(String(headers['date']));
  if (Number.isNaN(there)) return ok('not told: answers have no Date');
  // The header has whole seconds, and the answer was on its way for some time.
  const ahead = Math.max(there - here, 0) / 1000;
  const behind = Math.max(here - milliseconds - there - 1000, 0) / 1000;
  const skew = Math.max(ahead, behind);
  if (skew <= SKEW_WARNING) return ok('the same as here');
  return (skew > SKEW_PROBLEM ? problem : warning)(
    `${Math.round(skew)} s ${ahead > 0 ? 'ahead of' : 'behind'} this machine's`,
    'Set both clocks by NTP: periods such as "the last hour" are off by as much.',
  );
}

import { UpstreamError } from '../../errors/upstream-error.ts';
import { parseInputJson } from '../../json/parse-json.ts';
import type { ExaminedUpstream, HealthResponse } from '../examined-upstream.ts';
import { adviceOnStatus, NOT_LETTA } from '../explain.ts';
import { type Finding, ok, problem, warning } from '../finding.ts';

/** The first release with today's runs API, and the release that this gateway was made for. */
const OLDEST = '0.12.0';
const REFERENCE = '0.16.7';

/** Whether the upstream can be reached, and is a Letta server of a release that is served. */
export async function checkHealth(upstream: ExaminedUpstream): Promise<Finding> {
  const response = await upstream.health();
  const { status, headers, milliseconds } = response;
  const version = versionOf(response);
  if (version !== undefined) return findingOfRelease(version, `in ${milliseconds} ms with connecting`);
  if (status >= 300 && status < 400) {
    const text = `redirects to ${String(headers['location'])}, which is not followed`;
    return problem(text, adviceOnStatus(status));
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

/** Returns the version in Letta's health check, empty if it has none; undefined for any other response. */
function versionOf({ status, text }: HealthResponse): string | undefined {
  if (status !== 200) return undefined;
  try {
    const { version, status: state }: { version?: unknown; status?: unknown } = Object(parseInputJson(text));
    if (typeof version === 'string') return version;
    return state === undefined ? undefined : '';
  } catch {
    return undefined;
  }
}

function findingOfRelease(version: string, time: string): Finding {
  if (version === '') return ok(`a server that doesn't say its version, ${time}`);
  const compare = (release: string): number =>
    version.replace(/^v/, '').localeCompare(release, 'en', { numeric: true });
  if (compare(OLDEST) < 0) {
    const text = `Letta ${version} is too old: its runs API is another one`;
    return problem(text, `Update it to ${OLDEST} or newer.`);
  }
  if (compare(REFERENCE) <= 0) return ok(`Letta ${version}, ${time}`);
  const text = `Letta ${version}, ${time}; this gateway was made for ${REFERENCE}`;
  return warning(text, 'Look for a newer gateway.');
}

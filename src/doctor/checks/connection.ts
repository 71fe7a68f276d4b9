import { UpstreamError } from '../../errors/upstream-error.ts';
import { createAttempts } from '../../upstream/http/attempt.ts';
import { OWN_HEADERS } from '../../upstream/http/caller-headers.ts';
import { redact } from '../../upstream/http/redact.ts';
import { HEALTH_PATH } from '../../upstream/letta/runs-url.ts';
import { type ExaminedUpstream, jsonOf, nameOf, textOf, type TimedAnswer } from '../examined-upstream.ts';
import { codeOf, explain, isOfCertificate, NOT_LETTA } from '../explain.ts';
import { type Finding, note, ok, problem } from '../finding.ts';

/** Whether the upstream can be reached, and is a Letta server. */
export async function connection(upstream: ExaminedUpstream): Promise<Finding> {
  try {
    const answer = await upstream.health();
    const wrong = answer.status === 400 ? await otherScheme(upstream) : undefined;
    return wrong ?? (await readHealth(upstream, answer));
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return (MAY_BE_SCHEME.test(codeOf(error)) && (await otherScheme(upstream))) || explain(error);
  }
}

/** What comes of TLS where none is spoken, and of none where it is. */
const MAY_BE_SCHEME = /^(?:ERR_SSL|EPROTO|HPE_|UND_ERR_SOCKET|ECONNRESET|EPIPE)/;

/** Asks by the other of http and https; a problem if that is answered. */
async function otherScheme({ options, disposing }: ExaminedUpstream): Promise<Finding | undefined> {
  const { baseUrl, timeoutMs } = options;
  const isSecure = baseUrl.startsWith('https:');
  const other = baseUrl.replace(/^https?:/, isSecure ? 'http:' : 'https:');
  await using attempts = createAttempts({ ...options, baseUrl: other });
  const signal = AbortSignal.any([disposing, AbortSignal.timeout(timeoutMs)]);
  try {
    const { status } = await attempts.answer({ path: HEALTH_PATH, headers: OWN_HEADERS, signal });
    // A server that wants TLS may say so in plain HTTP.
    if (status === 400) return undefined;
  } catch (error) {
    if (!(error instanceof UpstreamError) || isSecure || !isOfCertificate(error)) return undefined;
  }
  return problem(
    isSecure
      ? 'the address says https, but the server speaks plain HTTP'
      : 'the address says http, but the server speaks TLS',
    `Set LETTA_BASE_URL to ${other}`,
  );
}

async function readHealth(upstream: ExaminedUpstream, answer: TimedAnswer): Promise<Finding> {
  const { status, headers, milliseconds } = answer;
  const shown = (text = ''): string => redact(text, upstream.secrets);
  const stated = versionOf(answer);
  const version = stated && shown(stated);
  const brief = `${milliseconds} ms`;
  const facts = { milliseconds, ...(version !== undefined && { version }) };
  if (version !== undefined) return ok(`answers, in ${milliseconds} ms with connecting`, facts, brief);
  if (status >= 300 && status < 400) return redirected(upstream, shown(textOf(headers['location'])));
  if (status === 401 || status === 403 || isList(await upstream.top(false))) {
    const advice = 'Let GET /v1/health/ through without credentials, if something uses /ready.';
    return note(
      `answers, but not to the health check (${status}), so that /ready says 503`,
      advice,
      facts,
      brief,
    );
  }
  if (status !== 404 && status !== 200) throw upstream.failure(HEALTH_PATH, answer);
  const type = shown(textOf(headers['content-type']) ?? 'nothing');
  return problem(`is not a Letta server: ${nameOf(HEALTH_PATH)} answered ${status} with ${type}`, NOT_LETTA);
}

/** The version that the health check tells; empty if it is healthy and doesn't tell. */
function versionOf(answer: TimedAnswer): string | undefined {
  const json = answer.status === 200 ? jsonOf(answer) : undefined;
  if (typeof json !== 'object' || json === null) return undefined;
  if ('version' in json && typeof json.version === 'string') return json.version;
  return 'status' in json ? '' : undefined;
}

function isList({ status, body }: TimedAnswer): boolean {
  return status === 200 && body.toString('utf8').trimStart().startsWith('[');
}

function redirected({ options }: ExaminedUpstream, location: string): Finding {
  const { baseUrl } = options;
  const target = URL.canParse(location, baseUrl) ? new URL(location, baseUrl).href : location;
  const [root, ...rest] = target.split(/\/v1\/health\/?$/);
  return problem(
    `redirects to ${target}, which is not followed`,
    rest.length === 1 && root !== baseUrl ? `Set LETTA_BASE_URL to ${root}` : NOT_LETTA,
  );
}

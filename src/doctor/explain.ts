import { adviseRoute, explainConnection, type ServerNames } from '../errors/connection-failures.ts';
import type { UpstreamError } from '../errors/upstream-error.ts';
import { type Finding, problem } from './finding.ts';

const RUNS_API: ServerNames = {
  server: 'the runs API',
  address: 'LETTA_BASE_URL',
  authority: 'UPSTREAM_CA or NODE_EXTRA_CA_CERTS',
  clientCertificate: 'UPSTREAM_CERT',
};

export const NOT_LETTA =
  'LETTA_BASE_URL has to be the root of a Letta server, without /v1, with the path prefix of a proxy if there is one.';

/** What an operator can do about a status. */
const ADVICE_BY_STATUS: Readonly<Record<number, string>> = {
  402: 'Look at the credits of the account.',
  403: 'The key is known, but may not read this: use another LETTA_API_KEY, or another project.',
  404: NOT_LETTA,
  407: 'The proxy requires credentials: set them in HTTPS_PROXY or HTTP_PROXY.',
  429: 'Try again later, or raise the quota of the account.',
  502: 'A proxy answers, but the runs API behind it does not: check that it is running.',
  503: 'The runs API, or a proxy before it, is not ready: look at its log.',
  504: 'A proxy answers, but the runs API behind it takes too long.',
};

/** Describes a request that failed. @param proxy through which it was sent */
export function explain(error: UpstreamError, proxy?: string): Finding {
  const { cause, status, message } = error;
  const { text, advice } = explainConnection(cause, RUNS_API) ?? { text: message, advice: adviceOn(error) };
  if (proxy === undefined || status !== undefined) return problem(text, advice);
  return problem(
    `${text}, through the proxy ${new URL(proxy).origin}`,
    `${advice} Or correct HTTPS_PROXY, HTTP_PROXY or NO_PROXY.`,
  );
}

function adviceOn({ status, code, extensions: { maxBytes } = {} }: UpstreamError): string {
  if (maxBytes !== undefined) return 'Find out why responses are that large: the gateway reads no more.';
  if (code === 'UPSTREAM_TIMEOUT') return 'Raise UPSTREAM_TIMEOUT_MS, or find out why the runs API is slow.';
  if (status !== undefined) return adviceOnStatus(status);
  if (code !== 'UPSTREAM_INVALID_RESPONSE') return adviseRoute(RUNS_API);
  return 'The gateway refuses such responses: look for a proxy that changes them, or a newer gateway.';
}

/** Says what to do about a status other than 200. */
export function adviceOnStatus(status: number): string {
  if (status < 400) return 'Set LETTA_BASE_URL to the address of the redirect, without /v1/health/.';
  return (
    ADVICE_BY_STATUS[status] ??
    'Look at the log of the runs API: often one row that it cannot read makes a whole list fail.'
  );
}

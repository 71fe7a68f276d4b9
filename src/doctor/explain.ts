import type { UpstreamError } from '../errors/upstream-error.ts';
import { type Finding, problem } from './finding.ts';

type Explanation = readonly [text: string, advice: string];

const CERTIFICATE =
  'Give the certificate of its authority to Node by NODE_EXTRA_CA_CERTS=FILE, or a valid certificate to the server.';
const UNKNOWN_AUTHORITY: Explanation = [
  'its certificate is signed by an authority unknown here',
  CERTIFICATE,
];
const RENEW = "Renew the server's certificate, or correct this machine's clock.";
const START = 'Start the runs API, or correct LETTA_BASE_URL.';
const ROUTE = 'Look for a firewall, a proxy or a wrong address between this machine and the runs API.';

/** What went wrong on the way to the upstream, by the codes of Node, OpenSSL and undici. */
const CONNECTION: Readonly<Record<string, Explanation>> = {
  ENOTFOUND: ["the host's name is unknown", 'Correct the name in LETTA_BASE_URL, or the DNS.'],
  EAI_AGAIN: ["the host's name can't be looked up now", 'Look at the DNS of this machine.'],
  ECONNREFUSED: ['the connection is refused: nothing listens there', START],
  EHOSTUNREACH: ["the host can't be reached", ROUTE],
  ENETUNREACH: ["the network can't be reached", ROUTE],
  ETIMEDOUT: ["the host doesn't answer", ROUTE],
  UND_ERR_CONNECT_TIMEOUT: ["the host doesn't answer", ROUTE],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['its certificate is signed by itself', CERTIFICATE],
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  CERT_HAS_EXPIRED: ['its certificate has expired', RENEW],
  CERT_NOT_YET_VALID: ['its certificate is not valid yet', RENEW],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'its certificate is for another name',
    'Use the name in the certificate in LETTA_BASE_URL.',
  ],
};

const KEY =
  'Correct LETTA_API_KEY: keys of Letta Cloud come from app.letta.com, others from who runs the server.';
export const NOT_LETTA =
  'LETTA_BASE_URL has to be the root of a Letta server, without /v1, with the path prefix of a proxy if there is one.';

const LOG = 'Look at the log of the runs API: often one row that it can not read spoils a whole list.';
const UNKNOWN_ROWS =
  'The gateway refuses what it does not understand: look for a proxy that changes answers, or a newer gateway.';
const NO_JSON =
  'Look for a proxy that answers by a page of its own, or cuts answers short; or correct LETTA_BASE_URL.';

/** What a status means, and what to do. */
const STATUS: Readonly<Record<number, string>> = {
  401: KEY,
  402: 'Look at the credits of the account.',
  403: 'The key is known, but may not read this: use another LETTA_API_KEY, or another project.',
  404: NOT_LETTA,
  405: NOT_LETTA,
  408: 'Ask again later.',
  429: 'Ask again later, or raise the quota of the account.',
  502: 'A proxy answers, but the runs API behind it does not: look whether it runs.',
  503: 'The runs API, or a proxy before it, is not ready: look at its log.',
  504: 'A proxy answers, but the runs API behind it takes too long.',
};

/** Describes a request that failed. */
export function explain(error: UpstreamError): Finding {
  const { status, code } = error;
  const facts = { code, ...(status !== undefined && { status }) };
  const [text, advice] = CONNECTION[codeOf(error)] ?? [error.message, adviceOn(error)];
  return problem(text, advice, facts);
}

function adviceOn({ status = 0, code, maxBytes }: UpstreamError): string {
  if (maxBytes !== undefined) return 'Look why answers are that large; the gateway reads no more than that.';
  if (code === 'UPSTREAM_TIMEOUT') return 'Raise UPSTREAM_TIMEOUT_MS, or look why the runs API is slow.';
  if (status >= 300 && status < 400) return 'Use the address that it redirects to as LETTA_BASE_URL.';
  if (STATUS[status] !== undefined) return STATUS[status];
  if (status >= 400) return LOG;
  if (code === 'UPSTREAM_INVALID_RESPONSE') return status === 200 ? NO_JSON : UNKNOWN_ROWS;
  return ROUTE;
}

/** The code by which Node, OpenSSL or undici names the cause of a failure; empty if there is none. */
export function codeOf({ cause }: UpstreamError): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

/** Whether the server speaks TLS, but can't be trusted. */
export function isOfCertificate(error: UpstreamError): boolean {
  return /CERT/.test(codeOf(error)) || codeOf(error) === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE';
}

/** How advice about a server refers to it and to its settings. */
export interface ServerNames {
  /** Such as `the runs API`. */
  readonly server: string;
  /** The setting that holds the server's address. */
  readonly address: string;
  /** The settings that may hold the certificate of the server's certificate authority. */
  readonly authority: string;
  /** The setting of a client certificate, if there is one. */
  readonly clientCertificate?: string;
}

/** Advice for a server that can't be reached by the network. */
export const adviseRoute = ({ server }: ServerNames): string =>
  `Look for a firewall, a proxy or a wrong address between this machine and ${server}.`;

/** Failures to reach a server, by the codes of Node, OpenSSL and undici, and what to do. */
const CONNECTION_FAILURES: readonly (readonly [
  code: RegExp,
  text: string,
  advice: (names: ServerNames) => string,
])[] = [
  [
    /^(ENOTFOUND|EAI_AGAIN)/,
    "the host's name can't be looked up",
    ({ address }) => `Correct the name in ${address}, or the DNS.`,
  ],
  [
    /^ECONNREFUSED/,
    'the connection is refused: nothing listens there',
    ({ server, address }) => `Start ${server}, or correct ${address}.`,
  ],
  [/^(EHOST|ENET)UNREACH/, "the host can't be reached", adviseRoute],
  [/TIMEDOUT|CONNECT_TIMEOUT/, "the host doesn't answer", adviseRoute],
  [
    /^CERT_(HAS_EXPIRED|NOT_YET_VALID)/,
    'its certificate has expired, or is not valid yet',
    () => "Renew the server's certificate, or correct this machine's clock.",
  ],
  [
    /ALTNAME_INVALID/,
    'its certificate is for another name',
    ({ address }) => `Use the name in the certificate in ${address}.`,
  ],
  [
    /^(ERR_SSL.*ALERT|HPE_|UND_ERR_SOCKET|ECONNRESET|EPIPE)/,
    'the connection is closed without an answer',
    ({ clientCertificate }) =>
      `Look at the log of the server: it may require https:// instead of http://${clientCertificate === undefined ? '' : `, or a client certificate (${clientCertificate})`}.`,
  ],
  [
    /^DEPTH_ZERO_SELF_SIGNED|CERT|VERIFY/,
    'its certificate is self-signed, or of an unknown authority',
    ({ authority }) =>
      `Set ${authority} to the certificate of its authority, or install a valid certificate on the server.`,
  ],
  [/^(ERR_SSL|EPROTO)/, 'the server does not speak TLS', ({ address }) => `Begin ${address} with http://.`],
];

/** Explains why a server can't be reached. @param cause of the failed request @returns undefined if the cause is unknown */
export function explainConnection(
  cause: unknown,
  names: ServerNames,
): { readonly text: string; readonly advice: string } | undefined {
  const code = String(Object(cause).code ?? '');
  const [, text, advice] = CONNECTION_FAILURES.find(([pattern]) => pattern.test(code)) ?? [];
  return text === undefined || advice === undefined ? undefined : { text, advice: advice(names) };
}

/** Returns a sentence without a full stop about why a server can't be reached, and what to do if that is known. */
export function whyUnreachable(cause: unknown, names: ServerNames): string {
  const explained = explainConnection(cause, names);
  const { message, code } = Object(cause);
  if (explained === undefined) return message || code || String(cause);
  return `${explained.text}. ${explained.advice.replace(/\.$/, '')}`;
}

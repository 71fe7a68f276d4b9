import { DIALECTS } from '../lists/ranges/dialect.ts';
import { LOG_LEVELS } from '../observability/log.ts';
import { DEFAULT_CONFIG_FILE } from './config-file.ts';
import { bytes, milliseconds, oneOf, oneOfOrAuto, wholeNumber } from './kind-constructors.ts';
import {
  accessTokens,
  apiRoot,
  headerNames,
  headerText,
  host,
  hosts,
  onOff,
  origins,
  path,
  port,
  proxyUrl,
  secret,
  secrets,
  storeUrl,
} from './kinds.ts';
import { type CommandLineFlag, named, setting } from './settings.ts';

/**
 * The settings of the gateway. Everything else is derived from this table: the type `Config`, flags,
 * variables, `--help`, the keys of the config file and their JSON schema, the table in the docs, and
 * the tests. A setting has the flag and the variable that follow from its key, unless it says others.
 */
export const GATEWAY_SETTINGS = named({
  upstreamUrl: setting({
    flag: 'upstream',
    variable: 'LETTA_BASE_URL',
    kind: apiRoot,
    description:
      'Root URL of the runs API. If it is not set, the upstream is Letta Cloud with an API key, and the embedded runs API with sample runs without one.',
  }),
  apiKey: setting({
    variable: 'LETTA_API_KEY',
    kind: secret,
    description: 'API key for the upstream, used for callers that send no `Authorization` header.',
  }),
  project: setting({
    variable: 'LETTA_PROJECT',
    kind: headerText('PROJECT'),
    description:
      'Project, sent upstream as `X-Project` for callers that name none. With an API key, only for callers that use this key.',
  }),
  projectId: setting({
    variable: 'LETTA_PROJECT_ID',
    kind: headerText('ID'),
    description: 'The project by its id, sent as `X-Project-Id`.',
  }),
  forwardHeaders: setting({
    kind: headerNames,
    default: [],
    description:
      'Headers of callers to send upstream besides `Authorization`, `X-Project` and `X-Project-Id`. Requests that differ in them share nothing.',
  }),
  accessTokens: setting({
    kind: accessTokens,
    default: [],
    description:
      'If any are set, callers must send one as `Authorization: Bearer <token>`, and the upstream receives the API key instead. `alice:TOKEN` gives a token a label for the log and the metrics.',
  }),
  readOnlyAccessTokens: setting({
    kind: accessTokens,
    default: [],
    description: 'Access tokens whose callers may not send mutations.',
  }),
  routerSecrets: setting({
    kind: secrets,
    default: [],
    description:
      'If any are set, every GraphQL request must carry one as `Router-Authorization: Bearer <secret>`, as a federation router sends it. `Authorization` is left to its users.',
  }),
  host: setting({
    kind: host,
    default: '127.0.0.1',
    description: 'Address to listen on.',
  }),
  port: setting({
    kind: port,
    default: 4000,
    description: 'Port to listen on; 0 chooses a free one.',
  }),
  socketPath: setting({
    kind: path,
    description:
      'Path of a Unix socket to listen on instead of `HOST` and `PORT`, for its user and group (0660). `ADMIN_PORT` stays a port.',
  }),
  maxConnections: setting({
    kind: wholeNumber(1, 1_000_000),
    default: 10_000,
    description: 'Maximum number of open connections of clients.',
  }),
  maxConnectionsPerCaller: setting({
    kind: wholeNumber(1, 1_000_000),
    default: 1_000,
    description:
      'Maximum number of connections of one caller with a request under way, event streams and WebSockets included; further requests are refused.',
  }),
  maxSubscriptions: setting({
    kind: wholeNumber(0, 1_000_000),
    default: 10_000,
    description:
      'Maximum number of open subscriptions. Beyond it, the caller with the most loses one to a caller with fewer; others are refused.',
  }),
  liveIdleIntervalMs: setting({
    kind: milliseconds(1_000, 60_000),
    default: 2_000,
    description:
      'Milliseconds between two polls of a watched list while nothing changes; such a poll asks for the newest run only.',
  }),
  adminPort: setting({
    kind: port,
    description:
      'Port for `/metrics` and the details of `/ready`, which are then not served on `PORT`; 0 chooses a free one.',
  }),
  adminHost: setting({
    kind: host,
    description: 'Address to listen on for `ADMIN_PORT`; `HOST` if it is not set.',
  }),
  allowedHosts: setting({
    kind: hosts,
    description:
      'Host names by which clients may reach the gateway, besides loopback names; `*` for any. If it is not set, a gateway on loopback serves loopback names only, and any other serves every name.',
  }),
  corsOrigins: setting({
    kind: origins,
    default: [],
    description:
      'Origins of web pages that may read answers; `*` for any. Cookies and other credentials of browsers are never allowed.',
  }),
  upstreamTimeoutMs: setting({
    kind: milliseconds(1, 600_000),
    default: 10_000,
    description: 'Deadline of one upstream call in milliseconds, including its retries.',
  }),
  upstreamDialect: setting({
    kind: oneOfOrAuto(DIALECTS),
    description: 'Cursor dialect of the upstream; `auto` detects it.',
  }),
  upstreamMaxBytes: setting({
    kind: bytes(1024, 1_073_741_824),
    default: 32 * 1024 * 1024,
    description: 'Maximum size of an upstream response in bytes; a larger one is aborted while it is read.',
  }),
  upstreamMaxInFlight: setting({
    kind: wholeNumber(1, 10_000),
    default: 96,
    description:
      'Maximum number of upstream requests in flight, three quarters of them for one caller; eight times as many may wait, and further ones are refused.',
  }),
  upstreamProxy: setting({
    kind: proxyUrl,
    isReadOnce: true,
    description:
      'HTTP proxy to the upstream. If it is not set, the command line uses `HTTPS_PROXY` or `HTTP_PROXY` and `NO_PROXY` (also in lower case), but none for an upstream on loopback.',
  }),
  upstreamCa: setting({
    kind: path,
    description:
      "PEM file with certificate authorities to trust for the upstream, besides Node's. It is read again when it changes, as are the next two.",
  }),
  upstreamCert: setting({
    kind: path,
    description: 'PEM file with the certificate that the gateway shows to the upstream.',
  }),
  upstreamKey: setting({
    kind: path,
    description: 'PEM file with the key of that certificate.',
  }),
  maxCost: setting({
    kind: wholeNumber(1, 1_000_000_000),
    default: 10_000,
    description: 'Maximum cost of one operation, by `@cost` and `@listSize` in the schema.',
  }),
  maxCostUnderWay: setting({
    kind: wholeNumber(1, 1_000_000_000),
    default: 50_000,
    description:
      'Cost of the operations that are executed at once, half of it for one caller; further ones wait, and callers take turns. When 5,000 wait, those of the caller with the most are refused.',
  }),
  operationTimeoutMs: setting({
    kind: milliseconds(1, 600_000),
    default: 30_000,
    description:
      'Milliseconds that a query, a mutation or one event of a subscription may take, including waiting. Subscriptions themselves have no limit.',
  }),
  rateLimit: setting({
    kind: wholeNumber(1, 1_000_000_000),
    description:
      'Cost that each caller may spend in a minute; an operation costs at least 1. If it is not set, there is no limit.',
  }),
  rateLimitStore: setting({
    kind: storeUrl,
    isReadOnce: true,
    description:
      'Redis or Valkey server that counts for `RATE_LIMIT` over all replicas; needs the package `ioredis`. If it is not set, or does not answer, each replica counts for itself.',
  }),
  scanBudget: setting({
    kind: wholeNumber(1, 1_000_000),
    default: 5_000,
    description:
      'Rows of the list that one field may read to count runs, or to find those that match a filter which the runs API lacks.',
  }),
  maxResponseBytes: setting({
    kind: bytes(1024, 536_870_912),
    default: 32 * 1024 * 1024,
    description: 'Maximum size of the data in one response in bytes.',
  }),
  pluginModule: setting({
    flag: 'plugins',
    variable: 'PLUGINS',
    kind: path,
    description:
      "Module with plugins of GraphQL Yoga or Envelop: its default export is a list of them. They act behind the gateway's own.",
  }),
  prices: setting({
    kind: path,
    description:
      'JSON file with the prices of language models, from which `cost` is worked out. It is read at start, and again on SIGHUP. If it is not set, costs are null; sample runs have sample prices.',
  }),
  persistedDocuments: setting({
    kind: path,
    description:
      'Manifest of the documents that clients may send by id: a JSON file of relay-compiler, GraphQL Code Generator or Apollo. It is read once, at start.',
  }),
  trustedDocumentsOnly: setting({
    kind: onOff,
    default: false,
    description: 'Whether only documents of the manifest are executed.',
  }),
  readOnly: setting({
    kind: onOff,
    default: false,
    description:
      "Whether mutations are left out of the schema, so that runs can't be cancelled through the gateway.",
  }),
  explorer: setting({
    kind: onOff,
    description:
      'Whether the explorer, a page of runs for people, is served at `/`. If it is not set: on where browsers can use it, which is without `TRUSTED_DOCUMENTS_ONLY`, `ROUTER_SECRETS` and `AGENTS=stub`. `on` trusts its documents besides those of the manifest.',
  }),
  agents: setting({
    kind: oneOf(['full', 'stub']),
    default: 'full',
    description:
      'What the schema has of agents. `stub` is for a federated graph in which another subgraph owns them: `Agent` with `id` and `runs` only, and neither `agents` nor `agent`.',
  }),
  compression: setting({
    kind: onOff,
    description:
      'Whether answers of at least 1 KiB are compressed, by zstd or gzip, for clients that accept it. If it is not set: on from the command line, off in a program.',
  }),
  rowCopying: setting({
    kind: onOff,
    default: true,
    description:
      "Whether rows are copied from the upstream's JSON. Off, they are parsed and serialized, to find out whether a wrong answer is due to copying.",
  }),
  logLevel: setting({
    kind: oneOf(LOG_LEVELS),
    description:
      'Lowest level of the lines that are logged. If it is not set: `info` from the command line; in a program, that of its log.',
  }),
  logSamplePercent: setting({
    kind: wholeNumber(0, 100),
    default: 100,
    description: 'Percentage of the lines about operations without errors that are logged.',
  }),
  sampleRuns: setting({
    kind: onOff,
    description:
      'Whether sample runs are served if there is neither an address nor a key. If it is not set: only on loopback, and not with `NODE_ENV=production`. The flag alone means `on`.',
  }),
  live: setting({
    kind: onOff,
    description:
      'Whether new sample runs are created, run and end while the gateway serves samples. If it is not set: on from the command line, off in a program. The flag alone means `on`.',
  }),
  drainGraceMs: setting({
    kind: milliseconds(0, 600_000),
    description:
      'Milliseconds after SIGTERM or SIGINT in which `/ready` answers 503, and everything but new subscriptions is still served. If it is not set: 0 on a terminal, else 3000.',
  }),
  drainTimeoutMs: setting({
    kind: milliseconds(0, 600_000),
    default: 10_000,
    description: 'Milliseconds that requests in flight get to finish after `DRAIN_GRACE_MS`.',
  }),
});

export const GATEWAY_FLAGS = [
  {
    flag: 'config',
    placeholder: 'FILE',
    description: `Config file to read instead of \`${DEFAULT_CONFIG_FILE}\` in the working directory.`,
  },
  {
    flag: 'allow-anonymous',
    description:
      'Allows a `HOST` that others can reach, or `CORS_ORIGINS=*`, with an API key and without access tokens: anyone who reaches the gateway then reads with that key, and cancels runs unless it is `READ_ONLY`.',
  },
] as const satisfies readonly CommandLineFlag[];

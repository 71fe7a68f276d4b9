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
      'Sent upstream as `X-Project` for callers that name no project. With an API key, whose project it is, not for those that send an `Authorization` of their own.',
  }),
  projectId: setting({
    variable: 'LETTA_PROJECT_ID',
    kind: headerText('ID'),
    description: 'The same by its id, sent as `X-Project-Id`.',
  }),
  forwardHeaders: setting({
    kind: headerNames,
    default: [],
    description:
      'Headers of callers that go upstream besides `Authorization`, `X-Project` and `X-Project-Id`. They count as deciding what is seen, so requests that differ in them share nothing.',
  }),
  accessTokens: setting({
    kind: accessTokens,
    default: [],
    description:
      'If any are set, callers must send one as `Authorization: Bearer <token>`, and the upstream receives the API key instead. What stands before the first colon is a label, which the log and the metrics show: `alice:TOKEN`.',
  }),
  readOnlyAccessTokens: setting({
    kind: accessTokens,
    default: [],
    description: 'The same, for callers whose mutations are refused.',
  }),
  routerSecrets: setting({
    kind: secrets,
    default: [],
    description:
      'If any are set, all requests of GraphQL must carry one as `Router-Authorization: Bearer <secret>`, as a federation router sends it. `Authorization` is left to its users.',
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
      'Path of a Unix socket to listen on instead of `HOST` and `PORT`. Its user and group may use it (0660). `ADMIN_PORT` stays a port.',
  }),
  maxConnections: setting({
    kind: wholeNumber(1, 1_000_000),
    default: 10_000,
    description: 'Maximum number of open connections of clients; further ones are closed at once.',
  }),
  maxConnectionsPerCaller: setting({
    kind: wholeNumber(1, 1_000_000),
    default: 1_000,
    description:
      'Maximum number of connections of one caller with a request under way (one that comes in, is executed or whose answer is read; event streams and WebSockets included); further requests are refused.',
  }),
  memoryBudget: setting({
    kind: bytes(16 * 1024 * 1024, 1024 ** 4),
    description:
      'Bytes that clients may make the process hold: bodies and messages that come in, what subscriptions keep, operations under way, and answers that are not read yet. Beyond it, the caller who holds most is refused or cut off. By default a quarter of the heap limit or of the memory of the container, whichever is smaller.',
  }),
  rowMemoryMs: setting({
    kind: wholeNumber(0, 60_000),
    default: 0,
    description:
      'Milliseconds that runs which a list has shown a caller are remembered for that caller alone, so that looking them up by id takes no request, as routers do that fetch again what they have. What is looked up may be as old as that, but for runs of a caller who has cancelled any. 0 for never.',
  }),
  maxSubscriptions: setting({
    kind: wholeNumber(0, 1_000_000),
    default: 10_000,
    description:
      'Maximum number of open subscriptions. Beyond it, the caller who has the most gives one up for a caller with fewer; others are refused.',
  }),
  liveIdleIntervalMs: setting({
    kind: milliseconds(1_000, 60_000),
    default: 2_000,
    description:
      'Milliseconds between two polls of a list that is watched while nothing happens; such a poll asks for the newest run only.',
  }),
  adminPort: setting({
    kind: port,
    description:
      'If set, `/metrics` and the details of `/ready` are served on this port, and no longer on `PORT`; 0 chooses a free one.',
  }),
  adminHost: setting({
    kind: host,
    description: 'Address to listen on for `ADMIN_PORT`; `HOST` if it is not set.',
  }),
  allowedHosts: setting({
    kind: hosts,
    description:
      'Names by which clients may reach the gateway besides `localhost` and other loopback names; `*` for any. If it is not set, a gateway on loopback serves loopback names only, and any other gateway serves every name.',
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
      'Maximum number of upstream requests in flight, three quarters of them for one caller; eight times as many may wait, and more are rejected.',
  }),
  upstreamProxy: setting({
    kind: proxyUrl,
    isReadOnce: true,
    description:
      'HTTP proxy through which the upstream is reached. If it is not set, from the command line: what `HTTPS_PROXY` or `HTTP_PROXY` and `NO_PROXY` say (also in lower case), but none for an upstream on loopback.',
  }),
  upstreamCa: setting({
    kind: path,
    description:
      "PEM file with certificates of authorities that the upstream's certificate may be signed by, besides those that Node trusts. Read again when it changes, as are the next two.",
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
      'Cost of the operations that are executed at once, half of it for one caller alone; further ones wait, and callers take turns. Beyond 5,000 that wait, those of the caller with the most are refused.',
  }),
  operationTimeoutMs: setting({
    kind: milliseconds(1, 600_000),
    default: 30_000,
    description:
      'Milliseconds that a query, a mutation or one event of a subscription may take, including the time that it waits for others. Subscriptions themselves have no limit.',
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
      'Redis or Valkey server that counts for `RATE_LIMIT`, so that it holds for all replicas together; needs the package `ioredis`. If it is not set, or does not answer, each replica counts for itself.',
  }),
  scanBudget: setting({
    kind: wholeNumber(1, 1_000_000),
    default: 5_000,
    description:
      'Rows of the list that one field may read in vain to find the runs of a window, or read to count runs.',
  }),
  maxResponseBytes: setting({
    kind: bytes(1024, 536_870_912),
    default: 32 * 1024 * 1024,
    description: 'Maximum size of the data in one response in bytes; more is an error.',
  }),
  persistedDocuments: setting({
    kind: path,
    description:
      'Manifest of the documents that clients may name by an id: a JSON file of relay-compiler, GraphQL Code Generator or Apollo. It is read once, at start.',
  }),
  trustedDocumentsOnly: setting({
    kind: onOff,
    default: false,
    description: 'Whether only the documents of the manifest are executed, and all others are refused.',
  }),
  readOnly: setting({
    kind: onOff,
    default: false,
    description:
      'Whether mutations are left out of the schema, so that nobody can cancel runs through the gateway.',
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
      'What the schema has of agents. `stub`: an `Agent` of `id` and `runs` only, and neither `agents` nor `agent`, for a federated graph in which another subgraph owns them.',
  }),
  compression: setting({
    kind: onOff,
    description:
      'Whether answers of at least 1 KiB are sent compressed to clients that accept it: by zstd where they name it, else by gzip. If it is not set: on from the command line, off in a program, whose server may do it.',
  }),
  rowCopying: setting({
    kind: onOff,
    default: true,
    description:
      "Whether rows are copied from the upstream's JSON. If off, they are parsed and serialized, which shows whether a wrong answer is due to copying.",
  }),
  logLevel: setting({
    kind: oneOf(LOG_LEVELS),
    description:
      'Lowest level of the lines that are logged. If it is not set: `info` from the command line, and whatever the log of a program takes.',
  }),
  logSamplePercent: setting({
    kind: wholeNumber(0, 100),
    default: 100,
    description: 'Percentage of the lines about operations without errors that are logged.',
  }),
  sampleRuns: setting({
    kind: onOff,
    description:
      'Whether the embedded runs API with its sample runs is served without an address and a key. If it is not set: only where others would not take them for real, which is on loopback and without `NODE_ENV=production`. The flag alone means `on`.',
  }),
  live: setting({
    kind: onOff,
    description:
      'Whether the embedded runs API, the upstream without an address and a key, has runs that are created, run and end while it is up, besides its samples. The flag alone means `on`. If it is not set: on from the command line, off in a program.',
  }),
  drainGraceMs: setting({
    kind: milliseconds(0, 600_000),
    description:
      'Milliseconds after SIGTERM or SIGINT in which `/ready` already answers 503 and everything but new subscriptions is still served. If it is not set: 0 on a terminal, else 3000.',
  }),
  drainTimeoutMs: setting({
    kind: milliseconds(0, 600_000),
    default: 10_000,
    description: 'Milliseconds that requests in flight get to finish after that.',
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
      'Allows a `HOST` that is reachable from the network, or any origin in `CORS_ORIGINS`, together with an API key and without access tokens: anyone who reaches the gateway reads with that key, and cancels runs unless it is `READ_ONLY`.',
  },
] as const satisfies readonly CommandLineFlag[];

import { DIALECTS } from '../lists/ranges/dialect.ts';
import { LOG_LEVELS } from '../observability/log.ts';
import {
  accessTokens,
  apiRoot,
  bytes,
  headerNames,
  headerText,
  host,
  hosts,
  integer,
  milliseconds,
  off,
  oneOf,
  origins,
  path,
  port,
  secret,
  secrets,
  storeUrl,
} from './schemas.ts';
import { flags, settings } from './settings.ts';

/** Read by the gateway from the working directory if it exists. */
export const DEFAULT_CONFIG_FILE = 'runs-gateway.config.json';

/**
 * The settings of the gateway, by their keys in the config file. The type `Config`, flags, variables, `--help`, the
 * JSON schema, the table in the docs and the tests follow from this table.
 */
export const GATEWAY_SETTINGS = settings({
  // The upstream.
  upstreamUrl: {
    flag: 'upstream',
    variable: 'LETTA_BASE_URL',
    ...apiRoot,
    description:
      'Root URL of the runs API. If it is not set, the upstream is Letta Cloud with an API key, and the embedded runs API with sample runs without one.',
  },
  apiKey: {
    variable: 'LETTA_API_KEY',
    ...secret,
    description: 'API key for the upstream, used for callers that send no `Authorization` header.',
  },
  project: {
    variable: 'LETTA_PROJECT',
    ...headerText,
    description:
      'Project, sent upstream as `X-Project` for callers that name none. With an API key, only for callers that use this key.',
  },
  projectId: {
    variable: 'LETTA_PROJECT_ID',
    ...headerText,
    description: 'The project by its id, sent as `X-Project-Id`.',
  },
  forwardHeaders: {
    ...headerNames,
    description:
      'Headers of callers to send upstream besides `Authorization`, `X-Project` and `X-Project-Id`. Requests that differ in them share nothing.',
  },
  upstreamDialect: {
    ...oneOf('auto', ...DIALECTS),
    default: 'auto',
    description: 'Cursor dialect of the upstream; `auto` detects it.',
  },
  upstreamTimeoutMs: {
    ...milliseconds(1, 600_000),
    default: 10_000,
    description: 'Deadline of one upstream call in milliseconds, including its retries.',
  },
  upstreamMaxInFlight: {
    ...integer(1, 10_000),
    default: 96,
    description:
      'Maximum number of upstream requests in flight, half of them for one caller; eight times as many may wait, and further ones are refused.',
  },
  upstreamCa: {
    ...path,
    description: "PEM file with authorities to trust for the upstream, besides Node's.",
  },
  upstreamCert: { ...path, description: 'PEM file with the certificate that is shown to the upstream.' },
  upstreamKey: { ...path, description: 'PEM file with the key of that certificate.' },
  // Who may call.
  accessTokens: {
    ...accessTokens,
    description:
      'If any are set, callers must send one as `Authorization: Bearer <token>`, and the upstream receives the API key instead. `alice:TOKEN` gives a token a label for the log and the metrics.',
  },
  readOnlyAccessTokens: {
    ...accessTokens,
    description: 'Access tokens whose callers may not send mutations.',
  },
  routerSecrets: {
    ...secrets,
    description:
      'If any are set, every GraphQL request must carry one as `Router-Authorization: Bearer <secret>`, as a federation router sends it. `Authorization` is left to its users.',
  },
  readOnly: {
    ...off,
    description: 'Whether the schema has no mutations, so that runs can not be cancelled.',
  },
  persistedDocuments: {
    ...path,
    description:
      'Manifest of the documents that clients may send by id, of relay-compiler, GraphQL Code Generator or Apollo.',
  },
  trustedDocumentsOnly: { ...off, description: 'Whether only documents of the manifest are executed.' },
  // Listening.
  host: { ...host, default: '127.0.0.1', description: 'Address to listen on.' },
  port: { ...port, default: 4000, description: 'Port to listen on; 0 chooses a free one.' },
  socketPath: {
    ...path,
    description:
      'Path of a Unix socket to listen on instead of `HOST` and `PORT`, for its user and group (0660).',
  },
  adminHost: { ...host, description: 'Address to listen on for `ADMIN_PORT`; `HOST` if it is not set.' },
  adminPort: {
    ...port,
    description: 'Port for `/metrics` and the details of `/ready`, which `PORT` then lacks.',
  },
  allowedHosts: {
    ...hosts,
    description:
      'Host names by which clients may reach the gateway, besides loopback names; `*` for any. If it is not set, a gateway on loopback serves loopback names only, and any other serves every name.',
  },
  corsOrigins: {
    ...origins,
    description: 'Origins of web pages that may read answers, without credentials of browsers; `*` for any.',
  },
  compression: {
    type: 'boolean',
    description:
      'Whether answers from 1 KiB on are compressed, by zstd or gzip. If it is not set: on from the command line, off in a program.',
  },
  drainGraceMs: {
    ...milliseconds(0, 600_000),
    description:
      'Milliseconds after SIGTERM or SIGINT in which `/ready` answers 503, and everything but new subscriptions is still served. If it is not set: 0 on a terminal, else 3000.',
  },
  drainTimeoutMs: {
    ...milliseconds(0, 600_000),
    default: 10_000,
    description: 'Milliseconds that requests in flight get to finish after `DRAIN_GRACE_MS`.',
  },
  // Limits.
  maxCost: {
    ...integer(1, 1_000_000_000),
    default: 10_000,
    description: 'Maximum cost of one operation, by `@cost` and `@listSize` in the schema.',
  },
  operationTimeoutMs: {
    ...milliseconds(1, 600_000),
    default: 30_000,
    description: 'Milliseconds for an operation or one event of a subscription, including waiting.',
  },
  rateLimit: {
    ...integer(1, 1_000_000_000),
    description: 'Cost that each caller may spend in a minute, at least 1 for each operation.',
  },
  rateLimitStore: {
    ...storeUrl,
    description:
      'Redis or Valkey server that counts for `RATE_LIMIT` over all replicas; needs the package `ioredis`. If it is not set, or does not answer, each replica counts for itself.',
  },
  scanBudget: {
    ...integer(1, 1_000_000),
    default: 5_000,
    description: 'Rows that one field may read to count runs, or for filters that the runs API lacks.',
  },
  maxResponseBytes: {
    ...bytes(1024, 536_870_912),
    default: 32 * 1024 * 1024,
    description: 'Maximum size of the data in one response in bytes.',
  },
  maxConnections: {
    ...integer(1, 1_000_000),
    default: 10_000,
    description: 'Maximum number of open connections of clients.',
  },
  maxConnectionsPerCaller: {
    ...integer(1, 1_000_000),
    default: 1_000,
    description: 'Maximum number of connections of one caller with a request, stream or WebSocket under way.',
  },
  maxSubscriptions: {
    ...integer(0, 1_000_000),
    default: 10_000,
    description:
      'Maximum number of open subscriptions. Beyond it, the caller with the most loses one to a caller with fewer; others are refused.',
  },
  // What is served.
  explorer: {
    type: 'boolean',
    description:
      'Whether the explorer, a page of runs for people, is served at `/`. If it is not set: on where browsers can use it, which is without `TRUSTED_DOCUMENTS_ONLY`, `ROUTER_SECRETS` and `AGENTS=stub`. `on` trusts its documents besides those of the manifest.',
  },
  agents: {
    ...oneOf('full', 'stub'),
    default: 'full',
    description:
      'What the schema has of agents. `stub` is for a federated graph in which another subgraph owns them: `Agent` with `id` and `runs` only, and neither `agents` nor `agent`.',
  },
  prices: {
    ...path,
    description: 'JSON file with the prices of language models, for `cost`, which is null without it.',
  },
  pluginModule: {
    flag: 'plugins',
    variable: 'PLUGINS',
    ...path,
    description: 'Module whose default export is a list of plugins of GraphQL Yoga or Envelop.',
  },
  sampleRuns: {
    type: 'boolean',
    description:
      'Whether sample runs are served if there is neither an address nor a key. If it is not set: only on loopback, and not with `NODE_ENV=production`.',
  },
  live: {
    type: 'boolean',
    description:
      'Whether new sample runs are created, run and end. If it is not set: on from the command line, off in a program.',
  },
  logLevel: {
    ...oneOf(...LOG_LEVELS),
    description: 'Lowest level of lines in the log: `info` from the command line, if it is not set.',
  },
});

/** What is no setting, and so can't be given in the environment or the file. */
export const GATEWAY_FLAGS = flags({
  config: {
    ...path,
    description: `Config file to read instead of \`${DEFAULT_CONFIG_FILE}\` in the working directory.`,
  },
  allowAnonymous: {
    ...off,
    description:
      'Allows a `HOST` that others can reach, or `CORS_ORIGINS=*`, with an API key and without access tokens: anyone who reaches the gateway then reads with that key, and cancels runs unless it is `READ_ONLY`.',
  },
});

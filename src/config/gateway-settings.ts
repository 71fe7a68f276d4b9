import { DIALECTS } from '../lists/ranges/dialect.ts';
import { LOG_LEVELS } from '../observability/log.ts';
import {
  type AtPlace,
  defineSettings,
  type Given,
  type Setting,
  setting,
  withFlags,
} from './define-settings.ts';
import * as value from './value-schemas.ts';

/** Read by the gateway from the working directory if it exists. */
export const DEFAULT_CONFIG_FILE = 'runs-gateway.config.json';

/** The upstream if an API key is set, and no URL. */
export const CLOUD_URL = 'https://api.letta.com';

/** The settings and the place that defaults depend on. */
export interface Others extends AtPlace {
  readonly apiKey: string | undefined;
  readonly host: string;
  readonly trustedDocumentsOnly: boolean;
  readonly routerSecrets: readonly string[];
  readonly agents: string;
}

const isCommand = ({ place }: Others): boolean => place !== 'program';

/** Whether browsers can use the pages, which ask for agents and send no secret of a router. */
const isForBrowsers = ({ trustedDocumentsOnly, routerSecrets, agents }: Others): boolean =>
  !trustedDocumentsOnly && routerSecrets.length === 0 && agents === 'full';

/**
 * The settings of the gateway, by their keys in the config file. The type `Config`, flags, variables, `--help`, the
 * JSON schema, the table in the docs and the tests follow from this table.
 */
export const GATEWAY_SETTINGS = defineSettings('', {
  // The upstream.
  upstreamUrl: setting(
    {
      flag: 'upstream',
      variable: 'LETTA_BASE_URL',
      ...value.apiRoot,
      defaultFrom: ({ apiKey, place }: Others) =>
        apiKey === undefined || place === 'program' ? undefined : CLOUD_URL,
    },
    'Root URL of the runs API. If it is not set, the upstream is Letta Cloud with an API key, and the embedded runs API with sample runs without one.',
  ),
  apiKey: setting(
    { variable: 'LETTA_API_KEY', ...value.secret },
    'API key for the upstream, used for callers that send no `Authorization` header.',
  ),
  project: setting(
    { variable: 'LETTA_PROJECT', ...value.headerText },
    'Project, sent upstream as `X-Project` for callers that name none. With an API key, only for callers that use this key.',
  ),
  projectId: setting(
    { variable: 'LETTA_PROJECT_ID', ...value.headerText },
    'The project by its id, sent as `X-Project-Id`.',
  ),
  forwardHeaders: setting(
    value.headerNames,
    'Headers of callers to send upstream besides `Authorization`, `X-Project` and `X-Project-Id`. Requests that differ in them share nothing.',
  ),
  upstreamDialect: setting(
    { ...value.oneOf('auto', ...DIALECTS), default: 'auto' },
    'Cursor dialect of the upstream; `auto` detects it.',
  ),
  upstreamTimeoutMs: setting(
    { ...value.integer(1, 600_000, 'MS'), default: 10_000 },
    'Deadline of one upstream call in milliseconds, including its retries.',
  ),
  upstreamMaxInFlight: setting(
    { ...value.integer(1, 10_000), default: 96 },
    'Maximum number of upstream requests in flight, half of them for one account; eight times as many may wait, and further ones are refused.',
  ),
  upstreamCa: setting(value.path, "PEM file with authorities to trust for the upstream, besides Node's."),
  upstreamCert: setting(value.path, 'PEM file with the certificate that is shown to the upstream.'),
  upstreamKey: setting(value.path, 'PEM file with the key of that certificate.'),
  // Who may call.
  accessTokens: setting(
    value.accessTokens,
    'If any are set, callers must send one as `Authorization: Bearer <token>`, and the upstream receives the API key instead. `alice:TOKEN` gives a token a label for the log.',
  ),
  readOnlyAccessTokens: setting(value.accessTokens, 'Access tokens whose callers may not send mutations.'),
  routerSecrets: setting(
    value.secrets,
    'If any are set, every GraphQL request must carry one as `Router-Authorization: Bearer <secret>`, as a federation router sends it. `Authorization` is left to its users.',
  ),
  readOnly: setting(value.off, 'Whether the schema has no mutations, so that runs can not be cancelled.'),
  persistedDocuments: setting(
    value.path,
    'Manifest of the documents that clients may send by id, of relay-compiler, GraphQL Code Generator or Apollo.',
  ),
  trustedDocumentsOnly: setting(value.off, 'Whether only documents of the manifest are executed.'),
  // Listening.
  host: setting({ ...value.host, default: '127.0.0.1' }, 'Address to listen on.'),
  port: setting({ ...value.port, default: 4000 }, 'Port to listen on; 0 chooses a free one.'),
  socketPath: setting(
    value.path,
    'Path of a Unix socket to listen on instead of `HOST` and `PORT`, for its user and group (0660).',
  ),
  adminHost: setting(
    { ...value.host, defaultFrom: (settings: Others) => settings.host },
    'Address to listen on for `ADMIN_PORT`; `HOST` if it is not set.',
  ),
  adminPort: setting(value.port, 'Port for `/metrics` and the details of `/ready`, which `PORT` then lacks.'),
  allowedHosts: setting(
    value.hosts,
    'Host names by which clients may reach the gateway, besides loopback names; `*` for any. If it is not set, a gateway on loopback serves loopback names only, and any other serves every name.',
  ),
  corsOrigins: setting(
    value.origins,
    'Origins of web pages that may read responses, without credentials of browsers; `*` for any.',
  ),
  compression: setting(
    { type: 'boolean', defaultFrom: isCommand },
    'Whether responses from 1 KiB on are compressed, by zstd or gzip. If it is not set: on from the command line, off in a program.',
  ),
  drainGraceMs: setting(
    {
      ...value.integer(0, 600_000, 'MS'),
      defaultFrom: ({ place }: Others) => (place === 'service' ? 3_000 : 0),
    },
    'Milliseconds after SIGTERM or SIGINT in which `/ready` answers 503, and everything but new subscriptions and WebSockets is still served. If it is not set: 3000, but 0 on a terminal and in a program.',
  ),
  drainTimeoutMs: setting(
    { ...value.integer(0, 600_000, 'MS'), default: 10_000 },
    'Milliseconds that requests in flight get to finish after `DRAIN_GRACE_MS`.',
  ),
  // Limits.
  maxCost: setting(
    { ...value.integer(1, 1_000_000_000), default: 10_000 },
    'Maximum cost of one operation, by `@cost` and `@listSize` in the schema.',
  ),
  operationTimeoutMs: setting(
    { ...value.integer(1, 600_000, 'MS'), default: 30_000 },
    'Milliseconds for an operation or one event of a subscription, including waiting.',
  ),
  rateLimit: setting(
    value.integer(1, 1_000_000_000),
    'Cost that each account may spend in a minute, at least 1 for each operation.',
  ),
  rateLimitStore: setting(
    value.storeUrl,
    'Redis or Valkey server that counts for `RATE_LIMIT` over all replicas; needs the package `ioredis`. If it is not set, or does not answer, each replica counts for itself.',
  ),
  scanBudget: setting(
    { ...value.integer(1, 1_000_000), default: 5_000 },
    'Rows that one field may read to count runs, or for filters that the runs API lacks.',
  ),
  maxResponseBytes: setting(
    { ...value.integer(1024, 536_870_912, 'BYTES'), default: 32 * 1024 * 1024 },
    'Maximum size of the data in one response in bytes.',
  ),
  maxConnections: setting(
    { ...value.integer(1, 1_000_000), default: 10_000 },
    'Maximum number of open connections of clients.',
  ),
  maxRequestsPerCaller: setting(
    { ...value.integer(1, 1_000_000), default: 1_000 },
    'Maximum number of HTTP requests and event streams of one account under way, and of its WebSockets, taken together.',
  ),
  maxSubscriptions: setting(
    { ...value.integer(0, 1_000_000), default: 10_000 },
    'Maximum number of open subscriptions. Beyond it, the account with the most loses one to an account with fewer; others are refused.',
  ),
  // What is served.
  explorer: setting(
    { type: 'boolean', defaultFrom: isForBrowsers },
    'Whether the explorer, a page of runs for people, is served at `/`. If it is not set: on where browsers can use it, which is without `TRUSTED_DOCUMENTS_ONLY`, `ROUTER_SECRETS` and `AGENTS=stub`. `on` trusts its documents besides those of the manifest.',
  ),
  publicUrl: setting(
    value.siteRoot,
    'URL under which people reach the explorer, for links in results of MCP. If it is not set, they have the address that the client used; by `runs-gateway mcp`, which has none, there are no links.',
  ),
  mcp: setting(
    { type: 'boolean', defaultFrom: isForBrowsers },
    'Whether AI agents are served by MCP at `/mcp`. If it is not set: on where the explorer is by default. `on` trusts its documents besides those of the manifest.',
  ),
  mcpWrite: setting(
    value.off,
    'Whether AI agents may cancel runs and answer approvals by MCP, with tokens that are not read-only.',
  ),
  agents: setting(
    { ...value.oneOf('full', 'stub'), default: 'full' },
    'What the schema has of agents. `stub` is for a federated graph in which another subgraph owns them: `Agent` with `id` and `runs` only, and neither `agents` nor `agent`.',
  ),
  prices: setting(
    value.path,
    'JSON file with the prices of language models, for `cost`, which is null without it.',
  ),
  pluginModule: setting(
    { flag: 'plugins', ...value.path },
    'Module whose default export is a list of plugins of GraphQL Yoga or Envelop.',
  ),
  sampleRuns: setting(
    { type: 'boolean' },
    'Whether sample runs are served if there is neither an address nor a key. If it is not set: only on loopback, and not with `NODE_ENV=production`.',
  ),
  live: setting(
    { type: 'boolean', defaultFrom: isCommand },
    'Whether new sample runs are created, run and end. If it is not set: on from the command line, off in a program.',
  ),
  logLevel: setting(
    {
      ...value.oneOf(...LOG_LEVELS),
      defaultFrom: ({ place }: Others) => (place === 'program' ? 'debug' : 'info'),
    },
    'Lowest level of lines in the log: `info` from the command line, if it is not set.',
  ),
});

/** The settings of the gateway; see `docs/configuration.md`. */
export interface Config extends Given<typeof GATEWAY_SETTINGS> {}

/** The defaults that depend on no other setting. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The keys of the table, with values of its settings.
export const defaults = Object.fromEntries(
  Object.entries<Setting>(GATEWAY_SETTINGS).map(([key, row]) => [key, row.default]),
) as Config;

/** Flags that are no settings, and so can't be set in the environment or the file. */
export const GATEWAY_FLAGS = withFlags({
  config: setting(
    value.path,
    `Config file to read instead of \`${DEFAULT_CONFIG_FILE}\` in the working directory.`,
  ),
  allowAnonymous: setting(
    value.off,
    'Allows a `HOST` that others can reach, or `CORS_ORIGINS=*`, with an API key and without access tokens: anyone who reaches the gateway then reads with that key, and cancels runs unless it is `READ_ONLY`.',
  ),
});

import type { CursorDialect } from '../embedded-api/server.ts';
import { DIALECTS, type Dialect } from '../upstream/letta/dialect.ts';
import {
  type Environment,
  type Flags,
  parseHost,
  parseOneOf,
  parsePath,
  parsePort,
  parseSecret,
  parseSecrets,
  parseUrl,
  parseWholeNumber,
  SettingsReader,
} from './settings.ts';

/** Settings of the gateway. */
export interface Config {
  /** Address to listen at. @default '127.0.0.1' */
  readonly host: string;
  /** Port to listen at, 0 for any free one. @default 4000 */
  readonly port: number;
  /** Root of the runs API; undefined starts the embedded one. */
  readonly upstreamUrl: string | undefined;
  /** Used upstream for callers that send no `Authorization`. */
  readonly apiKey: string | undefined;
  /** Milliseconds for one upstream call. @default 10000 */
  readonly upstreamTimeoutMs: number;
  /** The upstream's cursor dialect; undefined finds it out. */
  readonly upstreamDialect: Dialect | undefined;
  /** Bytes of one upstream answer; a larger one is broken off. @default 32 MiB */
  readonly upstreamMaxBytes: number;
  /** Upstream requests in flight at once; eight times as many may wait. @default 64 */
  readonly upstreamMaxInFlight: number;
  /** The most that one operation may cost, by `@cost` and `@listSize` of the schema. @default 10000 */
  readonly maxCost: number;
  /** Bytes of the data of one answer; a larger one is an error. @default 32 MiB */
  readonly maxResponseBytes: number;
  /** Whether rows are copied from the upstream's text; if not, they are parsed and written anew. @default true */
  readonly rowCopying: boolean;
  /** If there are any, callers must show one, and the upstream gets `apiKey`. @default [] */
  readonly accessTokens: readonly string[];
  /** Milliseconds that answers under way get when the program is told to stop. @default 10000 */
  readonly drainTimeoutMs: number;
}

export const defaults: Config = {
  host: '127.0.0.1',
  port: 4000,
  upstreamUrl: undefined,
  apiKey: undefined,
  upstreamTimeoutMs: 10_000,
  upstreamDialect: undefined,
  upstreamMaxBytes: 32 * 1024 * 1024,
  upstreamMaxInFlight: 64,
  maxCost: 10_000,
  maxResponseBytes: 32 * 1024 * 1024,
  rowCopying: true,
  accessTokens: [],
  drainTimeoutMs: 10_000,
};

/** Where a key belongs if no address is given with it. */
export const CLOUD_URL = 'https://api.letta.com';

/**
 * Settings of the gateway: a flag beats a variable, a variable beats the default.
 *
 * @throws ConfigError with every problem there is
 */
export function readConfig(flags: Flags, env: Environment): Config {
  const settings = new SettingsReader(flags, env);
  // People paste the address with the version that all paths of the API start with.
  const baseUrl = settings
    .read({ flag: 'upstream', variable: 'LETTA_BASE_URL' }, parseUrl)
    ?.replace(/\/v1$/, '');
  const apiKey = settings.read({ variable: 'LETTA_API_KEY' }, parseSecret);
  const wholeNumber = (variable: string, flag: string, min: number, max: number): number | undefined =>
    settings.read({ flag, variable }, (text) => parseWholeNumber(text, min, max));
  const config: Config = {
    host: settings.read({ flag: 'host', variable: 'HOST' }, parseHost) ?? defaults.host,
    port: settings.read({ flag: 'port', variable: 'PORT' }, parsePort) ?? defaults.port,
    upstreamUrl: baseUrl ?? (apiKey === undefined ? undefined : CLOUD_URL),
    apiKey,
    upstreamTimeoutMs:
      wholeNumber('UPSTREAM_TIMEOUT_MS', 'upstream-timeout-ms', 1, 600_000) ?? defaults.upstreamTimeoutMs,
    upstreamMaxBytes:
      wholeNumber('UPSTREAM_MAX_BYTES', 'upstream-max-bytes', 1024, 1_073_741_824) ??
      defaults.upstreamMaxBytes,
    upstreamMaxInFlight:
      wholeNumber('UPSTREAM_MAX_IN_FLIGHT', 'upstream-max-in-flight', 1, 10_000) ??
      defaults.upstreamMaxInFlight,
    maxCost: wholeNumber('MAX_COST', 'max-cost', 1, 1_000_000_000) ?? defaults.maxCost,
    maxResponseBytes:
      wholeNumber('MAX_RESPONSE_BYTES', 'max-response-bytes', 1024, 536_870_912) ?? defaults.maxResponseBytes,
    rowCopying:
      settings.read({ flag: 'row-copying', variable: 'ROW_COPYING' }, (text) =>
        parseOneOf(text, ['on', 'off']),
      ) !== 'off',
    accessTokens: settings.read({ variable: 'ACCESS_TOKENS' }, parseSecrets) ?? defaults.accessTokens,
    drainTimeoutMs:
      wholeNumber('DRAIN_TIMEOUT_MS', 'drain-timeout-ms', 0, 600_000) ?? defaults.drainTimeoutMs,
    upstreamDialect: dialectOf(
      settings.read({ flag: 'upstream-dialect', variable: 'UPSTREAM_DIALECT' }, (text) =>
        parseOneOf(text, ['auto', ...DIALECTS]),
      ),
    ),
  };
  if (isOpenToOthers(config) && flags['allow-anonymous'] === undefined) {
    settings.refuse(
      `HOST: with ${config.host} others can reach the gateway, and would read with its LETTA_API_KEY all that the key can; set ACCESS_TOKENS, listen at 127.0.0.1, or say --allow-anonymous if that is meant`,
    );
  }
  settings.done();
  return config;
}

/** Whether anybody on the network could use the gateway's own key. */
function isOpenToOthers({ host, apiKey, accessTokens }: Config): boolean {
  const isLoopback = host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
  return !isLoopback && apiKey !== undefined && accessTokens.length === 0;
}

function dialectOf(setting: Dialect | 'auto' | undefined): Dialect | undefined {
  return setting === 'auto' ? undefined : setting;
}

/** Settings of the embedded runs API when it is started alone. */
export interface RunsApiConfig {
  readonly host: string;
  readonly port: number;
  /** Sample runs to make, if there are none yet. */
  readonly runs: number;
  /** The same seed makes the same runs. */
  readonly seed: number;
  readonly dialect: CursorDialect;
  /** The SQLite file; undefined keeps the runs in memory. */
  readonly file: string | undefined;
  /** If set, callers must show it as `Authorization: Bearer <password>`. */
  readonly password: string | undefined;
}

/** How the embedded runs API starts, alone or behind the gateway. */
export const runsApiDefaults: RunsApiConfig = {
  host: '127.0.0.1',
  port: 8283,
  runs: 2_000,
  seed: 1,
  dialect: 'reversed',
  file: undefined,
  password: undefined,
};

/** @throws ConfigError with every problem there is */
export function readRunsApiConfig(flags: Flags): RunsApiConfig {
  const settings = new SettingsReader(flags, {});
  const config: RunsApiConfig = {
    host: settings.read({ flag: 'host' }, parseHost) ?? runsApiDefaults.host,
    port: settings.read({ flag: 'port' }, parsePort) ?? runsApiDefaults.port,
    runs:
      settings.read({ flag: 'runs' }, (text) => parseWholeNumber(text, 0, 10_000_000)) ??
      runsApiDefaults.runs,
    seed:
      settings.read({ flag: 'seed' }, (text) => parseWholeNumber(text, 0, 2 ** 32 - 1)) ??
      runsApiDefaults.seed,
    dialect:
      settings.read({ flag: 'dialect' }, (text) => parseOneOf(text, DIALECTS)) ?? runsApiDefaults.dialect,
    file: settings.read({ flag: 'db' }, parsePath),
    password: settings.read({ flag: 'password' }, parseSecret),
  };
  settings.done();
  return config;
}

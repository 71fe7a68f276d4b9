import type { Plugin } from 'graphql-yoga';
import { readOptions } from './config/config.ts';
import type { GatewayConfig, ProgramConfig } from './config/program-options.ts';
import type { GatewaySecrets } from './config/replaceable-secrets.ts';
import { checkEndpoint } from './http/check-endpoint.ts';
import type { Handlers } from './http/handlers.ts';
import type { Listenable, ListenSettings, UpgradeHandler } from './http/listen-options.ts';
import { type Log, LOG_LEVELS } from './observability/log.ts';
import type { Metrics } from './observability/metrics.ts';

/**
 * Options of a gateway, each with a default. `listen` goes by `host`, `port`, `socketPath`, `maxConnections`,
 * `drainGraceMs` and `drainTimeoutMs`. With an `adminPort`, `admin` has to be served as well.
 */
export interface GatewayOptions extends Partial<ProgramConfig> {
  /**
   * The full path of GraphQL and GraphiQL as clients request it, such as `/api/graphql` in an app
   * that serves its API under `/api`.
   *
   * @default '/graphql'
   */
  readonly endpoint?: string;
  /** Receives a line for each operation and each failure; a pino logger fits. @default no logging */
  readonly log?: Log;
  /**
   * Traces operations and their upstream requests: a tracer of `@opentelemetry/api`, such as
   * `trace.getTracer('runs-gateway')`.
   *
   * @default the trace context of requests goes upstream unchanged
   */
  readonly tracer?: { readonly startSpan: (...args: never[]) => object };
  /**
   * Plugins of Yoga or Envelop, with any type of context. They stand between execution and the conversion of errors.
   * Only the command line loads those of `pluginModule`.
   *
   * @default none
   */
  readonly plugins?: readonly (Plugin | object)[];
}

/**
 * Validates all options of a program.
 *
 * @returns the settings
 * @throws TypeError for options that are unknown, invalid, or contradict each other
 */
export function readGatewayOptions(options: GatewayOptions): GatewayConfig {
  const { endpoint, log, tracer, plugins, ...settings } = options;
  if (log !== undefined && !LOG_LEVELS.every((level) => typeof Object(log)[level] === 'function'))
    throw new TypeError('log: expected an object with the functions debug, info, warn and error');
  if (plugins !== undefined && !(Array.isArray(plugins) && plugins.every(isPlugin)))
    throw new TypeError('plugins: expected a list of plugins, which are objects, and no promises or lists');
  if (tracer !== undefined && typeof Object(tracer).startSpan !== 'function')
    throw new TypeError('tracer: expected a tracer of OpenTelemetry');
  if (endpoint !== undefined) checkEndpoint(endpoint);
  return readOptions(settings);
}

/**
 * A GraphQL gateway over one runs API. Disposing closes its upstream connections. Without `allowedHosts`, `fetch` and
 * `listener` serve any host.
 */
export interface Gateway extends ListenSettings, Handlers, AsyncDisposable {
  /** The root of the runs API. */
  readonly upstreamUrl: string;
  /** The path of GraphQL and GraphiQL. */
  readonly endpoint: string;
  /** Whether the explorer, a page of runs, is served at `/`. */
  readonly hasExplorer: boolean;
  /** Counts and logs what `listen` closes and refuses. */
  readonly journal: NonNullable<Listenable['journal']>;
  /** The metrics served at `/metrics`. Your own collectors can be added to the registry. */
  readonly metrics: Metrics;
  /**
   * What belongs on the admin port: `/metrics`, `/ready` with its details, and `/health`. `listen`
   * serves it at `adminHost` and `adminPort`, without a grace period; any free port if that isn't set.
   */
  readonly admin: Handlers & Omit<Listenable, 'listener'>;
  /** Serves MCP by standard input and output, with the API key, until the input ends or it is disposed of. */
  readonly serveStdio: () => Promise<AsyncDisposable>;
  /** Handles upgrades to WebSockets at `endpoint`, for `server.on('upgrade')`; `listen` does that. */
  readonly upgrade: UpgradeHandler;
  /** Closes idle WebSockets within so many milliseconds, by default at once, and the others when they get idle. */
  readonly closeUpgraded: (withinMs?: number) => void;
  /**
   * Makes `/ready` answer 503, so that load balancers stop sending requests, refuses new subscriptions, and
   * ends the others, each at a random time.
   *
   * @param withinMs milliseconds until the last one ends; the grace and half the timeout of draining by default
   * @param fromMs milliseconds until the first one may end; 0 by default if there is a `withinMs`, else after the grace
   */
  startDraining(withinMs?: number, fromMs?: number): void;
  /** Whether `startDraining` was called. */
  readonly isDraining: boolean;
  /**
   * Replaces secrets while the gateway serves; secrets that are left out stay. Streams and WebSockets of a removed token
   * end within a second, and streams with the old API key end with a cursor to resume from.
   *
   * @throws TypeError with all problems; nothing is replaced then
   */
  replaceSecrets(secrets: Partial<GatewaySecrets>): void;
  /**
   * Reads the files of secrets, of `prices`, and of certificates now; by itself the gateway reads them when they change.
   * A file that can't be used is logged, and changes nothing.
   */
  readFilesAgain(): void;
}

/** Whether a value can be a plugin: a promise of one, or a list of some, would never be called. */
export function isPlugin(plugin: unknown): boolean {
  return typeof plugin === 'object' && plugin !== null && !Array.isArray(plugin) && !('then' in plugin);
}

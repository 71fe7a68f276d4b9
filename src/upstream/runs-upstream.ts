import { UpstreamError } from '../runs/errors.ts';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';
import type { BodyEncoding } from './body-text.ts';
import { createCoalescer } from './coalesce.ts';
import { DecodeError, decodeDuration, decodeRun, decodeRuns } from './decode-run.ts';
import { createDialectMemory, type Dialect } from './dialect.ts';
import { reportDrift } from './drift.ts';
import { type ListRuns, rowsFollowing } from './follow.ts';
import { createRestClient, type RestClientOptions } from './rest-client.ts';
import { HEALTH_PATH, listPath, metricsPath, retrievePath } from './runs-url.ts';
import { followSplitting, type RepeatedKeys } from './split-lists.ts';
import { noTelemetry } from './telemetry.ts';

export interface RunsUpstreamOptions extends RestClientOptions {
  /** The dialect, where it is not to be found out. */
  readonly dialect?: Dialect | undefined;
}

interface Caller {
  /** The `Authorization` header to send. */
  readonly authorization: string | null;
  /** Sent upstream as `x-request-id`. */
  readonly requestId?: string | undefined;
  /** How texts of runs are read. @default 'utf8' */
  readonly encoding?: BodyEncoding;
  /** Aborts when the caller has left. */
  readonly signal: AbortSignal;
  /** Told of each request that is made, or joined, for this caller. */
  readonly onRequest?: () => void;
}

interface UpstreamHealth {
  /** The release that the upstream says it is. */
  readonly version: string | undefined;
  /** The cursor dialect, if it is known by now. */
  readonly dialect: Dialect | undefined;
}

/** The runs API of one address, for any number of callers. */
export interface RunsUpstream extends AsyncDisposable {
  /** The runs that this caller may see. */
  forCaller(caller: Caller): RunsSource;
  /** Resolves when the upstream says that it is up. @throws UpstreamError */
  checkHealth(signal: AbortSignal): Promise<UpstreamHealth>;
}

export function createRunsUpstream(options: RunsUpstreamOptions): RunsUpstream {
  const { telemetry = noTelemetry } = options;
  const rest = createRestClient(options);
  const memory = createDialectMemory({
    forced: options.dialect,
    onLearn: (dialect) => telemetry.dialect(dialect),
  });
  if (options.dialect !== undefined) telemetry.dialect(options.dialect);
  const repeatedKeys: RepeatedKeys = { understood: undefined };
  const lists = createCoalescer<readonly Run[]>((kind) => telemetry.call(kind));
  const lookUps = createCoalescer<unknown>((kind) => telemetry.call(kind));

  const readRuns = (json: unknown): readonly Run[] => {
    if (json === undefined)
      throw new UpstreamError('UPSTREAM_REJECTED', 'The list answered 404', { status: 404 });
    const runs = decoded(() => decodeRuns(json));
    reportDrift(runs, Array.isArray(json) ? json[0] : undefined, (kind, value) =>
      telemetry.drift(kind, value),
    );
    return runs;
  };

  return {
    forCaller({ authorization, requestId, encoding = 'utf8', signal, onRequest }) {
      const headers = { authorization, requestId, encoding };
      // Credentials first: callers who differ in them must never share an answer.
      const keyOf = (path: string): string => JSON.stringify([authorization, encoding, path]);
      const list: ListRuns = (parameters) => {
        const path = listPath(parameters);
        onRequest?.();
        return lists.run(
          keyOf(path),
          async (all) => readRuns(await rest.getJson(path, headers, all)),
          signal,
        );
      };
      const lookUp = async <T>(path: string, read: (json: unknown) => T): Promise<T | null> => {
        onRequest?.();
        const get = (all: AbortSignal): Promise<unknown> =>
          rest.getJson(path, headers, all).catch(undefinedIfMalformedId);
        const json = await lookUps.run(keyOf(path), get, signal);
        return json === undefined ? null : read(json);
      };
      return {
        rowsFollowing: (scan) =>
          followSplitting(scan, (part) => rowsFollowing(part, list, memory, telemetry), repeatedKeys),
        retrieve: (id) => lookUp(retrievePath(id), (json) => readRun(json, id)),
        retrieveDuration: (id) => lookUp(metricsPath(id), (json) => decoded(() => decodeDuration(json))),
        takesManyAgents: () => repeatedKeys.understood !== false,
      };
    },
    async checkHealth(signal) {
      const json = await rest.getJson(HEALTH_PATH, { authorization: null, requestId: undefined }, signal);
      return { version: versionOf(json), dialect: memory.known };
    },
    [Symbol.asyncDispose]: () => rest[Symbol.asyncDispose](),
  };
}

function readRun(json: unknown, id: string): Run {
  const run = decoded(() => decodeRun(json));
  if (run.id === id) return run;
  throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', `Asked for ${id}, got ${run.id}`);
}

/** The API tells an id that it would never give out by 400: there is no such run. */
function undefinedIfMalformedId(error: unknown): undefined {
  if (error instanceof UpstreamError && error.status === 400) return undefined;
  throw error;
}

function decoded<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', error.message, { cause: error });
  }
}

function versionOf(health: unknown): string | undefined {
  if (typeof health !== 'object' || health === null || !('version' in health)) return undefined;
  return typeof health.version === 'string' ? health.version : undefined;
}

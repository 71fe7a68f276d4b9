import { UpstreamError } from '../runs/errors.ts';
import type { RunsSource } from '../runs/source.ts';
import { DecodeError, decodeRun, decodeRuns } from './decode-run.ts';
import { createDialectMemory, type DialectMemoryOptions } from './dialect.ts';
import { type ListRuns, rowsFollowing } from './follow.ts';
import { createHttp, type HttpOptions } from './http.ts';
import { HEALTH_PATH, listPath, retrievePath } from './runs-url.ts';

export interface RunsUpstreamOptions extends HttpOptions {
  /** Used when a caller shows no `Authorization` of its own. */
  readonly apiKey?: string | undefined;
  readonly dialect?: DialectMemoryOptions;
}

interface Caller {
  /** The caller's `Authorization` header, passed on as it is. */
  readonly authorization: string | null;
  /** Aborts when the caller has left. */
  readonly signal?: AbortSignal | undefined;
}

/** The runs API of one address, for any number of callers. */
export interface RunsUpstream extends AsyncDisposable {
  /** The runs that this caller may see. */
  forCaller(caller: Caller): RunsSource;
  /** Resolves when the upstream says that it is up. @throws UpstreamError */
  checkHealth(): Promise<void>;
}

export function createRunsUpstream(options: RunsUpstreamOptions): RunsUpstream {
  const http = createHttp(options);
  const memory = createDialectMemory(options.dialect);
  const ownAuthorization = options.apiKey === undefined ? null : `Bearer ${options.apiKey}`;

  return {
    forCaller({ authorization, signal }) {
      const credentials = { authorization: authorization ?? ownAuthorization, signal };
      const list: ListRuns = async (parameters) => {
        const json = await http.getJson(listPath(parameters), credentials);
        if (json === undefined)
          throw new UpstreamError('UPSTREAM_REJECTED', 'The runs list answered 404', { status: 404 });
        return decoded(() => decodeRuns(json));
      };
      return {
        rowsFollowing: (scan) => rowsFollowing(scan, list, memory),
        async retrieve(id) {
          const json = await http.getJson(retrievePath(id), credentials).catch(undefinedIfMalformedId);
          if (json === undefined) return null;
          const run = decoded(() => decodeRun(json));
          if (run.id === id) return run;
          throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', `Asked for ${id}, got ${run.id}`);
        },
      };
    },
    async checkHealth() {
      await http.getJson(HEALTH_PATH, { authorization: null });
    },
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
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

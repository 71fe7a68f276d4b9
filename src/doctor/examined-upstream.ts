import { UpstreamError } from '../errors/upstream-error.ts';
import { readRange } from '../lists/ranges/read-range.ts';
import { LIST_PAGES } from '../runs/limits.ts';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/runs-source.ts';
import { createPool } from '../upstream/http/connections.ts';
import { BASE_HEADERS } from '../upstream/http/request-headers.ts';
import { HEALTH_PATH } from '../upstream/letta/endpoints.ts';
import { LettaSource } from '../upstream/letta/letta-source.ts';
import { SharedUpstream, type SharedUpstreamOptions } from '../upstream/letta/shared-upstream.ts';

export interface ExaminedUpstreamOptions extends SharedUpstreamOptions {
  readonly apiKey?: string | undefined;
  /** The headers that name the project. */
  readonly project: Readonly<Record<string, string>>;
  /** Secrets that are removed from all texts of the upstream, as is the key. */
  readonly secrets: readonly string[];
  /** The time in milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

export type ExaminedUpstream = ReturnType<typeof createExaminedUpstream>;
export type HealthResponse = Awaited<ReturnType<ExaminedUpstream['health']>>;

/** An upstream that is read by the gateway's client, as for a caller without credentials. */
export function createExaminedUpstream(options: ExaminedUpstreamOptions) {
  const { upstreamUrl, apiKey, project, upstreamTimeoutMs: timeoutMs, maxBytes, now = Date.now } = options;
  const stopping = new AbortController();
  /** What the client has detected about the list of runs; the gateway would detect the same. */
  const learned = {
    dialect: 'reversed' as Exclude<SharedUpstreamOptions['upstreamDialect'], 'auto'>,
    pageSize: LIST_PAGES.runs as number,
    drift: new Set<string>(),
  };
  const upstream = new SharedUpstream({
    ...options,
    // The configured dialect may be wrong: it is compared with the detected one.
    upstreamDialect: 'auto',
    telemetry: {
      dialect: (dialect) => void (learned.dialect = dialect),
      pageSize: (kind, size) => void (kind === 'runs' && (learned.pageSize = size)),
      drift: (kind, value) => void learned.drift.add(`${kind.replaceAll('_', ' ')} ${value}`),
    },
  });
  const key = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  /** The source of runs, with the configured project or without a project. */
  const runs = (hasProject = true): RunsSource => {
    const headers = { ...key, ...(hasProject && project) };
    const callerKey = hasProject ? 'with the project' : 'without a project';
    return new LettaSource(upstream, { callerKey, account: callerKey, headers, signal: stopping.signal });
  };
  return {
    options,
    now,
    learned,
    runs,
    /** Returns the newest runs, or the error of their request. */
    async newest(hasProject = true): Promise<readonly Run[] | UpstreamError> {
      try {
        const newest = { filter: {}, order: 'desc', after: null, limit: 20 } as const;
        return [...(await readRange(newest, runs(hasProject)))];
      } catch (error) {
        if (error instanceof UpstreamError) return error;
        throw error;
      }
    },
    /** Sends one health check without retries, and measures it with connecting. @throws UpstreamError without a response */
    async health() {
      const { origin, pathname } = new URL(HEALTH_PATH, upstreamUrl.replace(/\/?$/, '/'));
      const dispatcher = createPool(origin, { maxResponseSize: maxBytes }, { ...options, timeoutMs });
      const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(timeoutMs)]);
      const request = { path: pathname, method: 'GET', headers: BASE_HEADERS, signal } as const;
      const sentAt = now();
      try {
        const { statusCode: status, headers, body } = await dispatcher.request(request);
        return { status, headers, text: await body.text(), milliseconds: now() - sentAt };
      } catch (cause) {
        const why = signal.aborted ? `no answer within ${timeoutMs} ms` : String(Object(cause).message);
        const code = signal.aborted ? 'UPSTREAM_TIMEOUT' : 'UPSTREAM_UNAVAILABLE';
        throw new UpstreamError(code, `GET ${pathname}: ${why}`, { cause });
      } finally {
        void dispatcher.destroy();
      }
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { readRunList } from '../engine/index.ts';
import { UpstreamError } from '../errors/upstream-error.ts';
import { parseInputJson, parseJson } from '../json/parse-json.ts';
import { pathOf } from '../lists/list.ts';
import type { Dialect } from '../lists/ranges/dialect.ts';
import { largestLimitOf } from '../lists/ranges/page-sizes.ts';
import { RUN_LIST } from '../runs/list.ts';
import { type AttemptOptions, createAttempts } from '../upstream/http/attempt.ts';
import { OWN_HEADERS } from '../upstream/http/caller-headers.ts';
import type { Answer } from '../upstream/http/exchange.ts';
import { readRetryAfter } from '../upstream/http/retry-after.ts';
import { statusError } from '../upstream/http/status-error.ts';
import { HEALTH_PATH } from '../upstream/letta/runs-url.ts';
import type { Body } from '../wire/body.ts';
import { decoded } from '../wire/json-fields.ts';
import { decodeRunList, type RunList } from '../wire/run-list.ts';

export interface ExaminedUpstreamOptions extends Omit<AttemptOptions, 'secrets'> {
  /** The headers that say who asks: credentials. */
  readonly credentials: Readonly<Record<string, string>>;
  /** The headers that say which project is meant. */
  readonly project: Readonly<Record<string, string>>;
  /** Removed from everything that the upstream says. */
  readonly secrets: readonly string[];
  /** The dialect that is configured, if any. */
  readonly forcedDialect: Dialect | undefined;
  /** Whether the gateway copies rows. */
  readonly rowCopying: boolean;
  /** The time in milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** A response, when it was asked for by this machine's clock, and how long that took. */
export interface TimedAnswer extends Answer {
  readonly sentAt: number;
  readonly milliseconds: number;
}

/**
 * One upstream, asked by GETs only and one try each, as the gateway itself would ask it for a caller
 * without credentials of its own, for a minute at most. Only a 429 that names a short time is waited for.
 */
export interface ExaminedUpstream extends AsyncDisposable {
  readonly options: ExaminedUpstreamOptions;
  /** What must not be shown, the credentials included. */
  readonly secrets: readonly string[];
  readonly now: () => number;
  /** Aborts when it is disposed of. */
  readonly disposing: AbortSignal;
  /** Counts the requests that were sent. */
  readonly requests: number;
  /** What the 429s so far said of when to ask again, in milliseconds; null where they said nothing. */
  readonly refusals: readonly (number | null)[];
  /**
   * Returns the response, whatever its status. @throws UpstreamError for connection errors; TimeOverError
   *
   * @param headers @default those of the credentials and of the project
   */
  answer(path: string, headers?: Readonly<Record<string, string>>): Promise<TimedAnswer>;
  /** Describes a response that isn't a 200. */
  failure(path: string, found: Answer): UpstreamError;
  /** Returns the JSON of a 200. @throws UpstreamError */
  json(path: string): Promise<unknown>;
  /** Returns a list of runs, decoded but not checked. @throws UpstreamError */
  list(path: string): Promise<RunList>;
  /** The health check, which has no credentials. Asked once for all. */
  health(): Promise<TimedAnswer>;
  /** The list of the newest runs, of the project or of no project in particular. Asked once for all. */
  top(isOfProject: boolean): Promise<TimedAnswer>;
  /** The newest runs of the project. @throws UpstreamError */
  newest(): Promise<RunList>;
}

/** Nothing is asked any more, since all of it has taken long enough. */
export class TimeOverError extends Error {
  override readonly name = 'TimeOverError' as const;

  constructor() {
    super(`there was no time left after ${MAX_MS / 1000} s`);
  }
}

/** The rows that most checks look at. */
export const NEWEST = { filter: {}, order: 'desc', limit: 20 } as const;
/** A 429 that names more milliseconds isn't waited for. */
const MAX_WAIT_MS = 5_000;
/** Milliseconds after which nothing is asked. */
const MAX_MS = 60_000;

export function createExaminedUpstream(options: ExaminedUpstreamOptions): ExaminedUpstream {
  const { credentials, project, rowCopying, timeoutMs, now = Date.now } = options;
  const secrets = [...options.secrets, ...Object.values(credentials)];
  const attempts = createAttempts({ ...options, secrets });
  const own = { ...credentials, ...project };
  const refusals: (number | null)[] = [];
  const disposing = new AbortController();
  const start = now();
  let requests = 0;

  const once = async (path: string, headers: Readonly<Record<string, string>>): Promise<TimedAnswer> => {
    const sentAt = now();
    if (sentAt - start > MAX_MS) throw new TimeOverError();
    requests++;
    const controller = new AbortController();
    const message = `${nameOf(path)}: no response within ${timeoutMs} ms`;
    const giveUp = (): void => controller.abort(new UpstreamError('UPSTREAM_TIMEOUT', message));
    const timer = setTimeout(giveUp, timeoutMs);
    try {
      const sent = { path, headers: { ...OWN_HEADERS, ...headers }, signal: controller.signal };
      const response = await attempts.answer(sent);
      return { ...response, sentAt, milliseconds: now() - sentAt };
    } finally {
      clearTimeout(timer);
    }
  };

  const answer = async (path: string, headers = own): Promise<TimedAnswer> => {
    const first = await once(path, headers);
    if (first.status !== 429) return first;
    const waitMs = readRetryAfter(first.headers, now()) ?? null;
    refusals.push(waitMs);
    if (waitMs === null || waitMs > MAX_WAIT_MS) return first;
    await sleep(waitMs, undefined, { signal: disposing.signal });
    return once(path, headers);
  };

  const failure = (path: string, found: Answer): UpstreamError => statusError(nameOf(path), found, secrets);

  /** Reads the body of a 200. @throws UpstreamError */
  const read = <T>(path: string, found: TimedAnswer, parse: (body: Body) => T): T => {
    if (found.status !== 200) throw failure(path, found);
    try {
      return parse(found.body);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const type = textOf(found.headers['content-type']) ?? 'of no type';
      const message = `${nameOf(path)} answered something else than JSON (${type})`;
      throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', message, { status: 200 });
    }
  };

  const readList = rowCopying ? readRunList : decodeRunList;
  const readRuns = (body: Body): RunList => decoded(() => readList(body));
  const json = async (path: string): Promise<unknown> =>
    read(path, await answer(path), (body) => parseJson(body.toString('utf8')));
  const newestPath = pathOf(RUN_LIST, NEWEST);
  const health = lazy(() => answer(HEALTH_PATH, {}));
  /** Asks for the newest runs, and for fewer where so many are refused. */
  const askNewest = async (headers: Readonly<Record<string, string>>): Promise<TimedAnswer> => {
    const found = await answer(newestPath, headers);
    if (found.status === 200) return found;
    const limit = largestLimitOf(failure(newestPath, found));
    return limit === undefined ? found : answer(pathOf(RUN_LIST, { ...NEWEST, limit }), headers);
  };
  const ofAny = lazy(() => askNewest(credentials));
  const ofProject = Object.keys(project).length === 0 ? ofAny : lazy(() => askNewest(own));
  return {
    options,
    secrets,
    now,
    disposing: disposing.signal,
    get requests() {
      return requests;
    },
    refusals,
    answer,
    failure,
    json,
    list: async (path) => read(path, await answer(path), readRuns),
    health,
    top: (isOfProject) => (isOfProject ? ofProject : ofAny)(),
    newest: async () => read(newestPath, await ofProject(), readRuns),
    [Symbol.asyncDispose]() {
      disposing.abort();
      return attempts[Symbol.asyncDispose]();
    },
  };
}

/** A question that is asked when its answer is first needed. */
function lazy<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= ask());
}

export function nameOf(path: string): string {
  return `GET /${path.split('?', 1)[0]}`;
}

/** The value of a header, or the first of several. */
export function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

/** The JSON of a response; undefined if it is something else. */
export function jsonOf({ body }: Answer): unknown {
  try {
    return parseInputJson(body.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

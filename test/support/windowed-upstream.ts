import type { RandomRun } from './random-runs.ts';
import { ACTIVE_STATUSES } from './run-fields.ts';
import { type Dialect, matches, sortRuns } from './run-list.ts';
import { durationOf, nanosOf } from './run-windows.ts';
import { serve } from './serve.ts';

/** What `GET /v1/_internal_runs/` does: what Letta does, or less, or something else. */
export const INTERNAL_ROUTES = [
  'honest',
  'missing',
  'forbidden',
  'failing',
  'ignores dates',
  'answers with runs outside',
  'misses half of the runs',
  'in the wrong order',
  'always empty',
  'with other creation times',
  'with runs that nobody has',
] as const;
export type InternalRoute = (typeof INTERNAL_ROUTES)[number];

export interface WindowedUpstream extends AsyncDisposable {
  readonly baseUrl: string;
  /** Paths with their queries, in the order of arrival. */
  readonly requests: string[];
}

export interface WindowedUpstreamOptions {
  readonly internal?: InternalRoute;
  readonly dialect?: Dialect;
  /** Called before each request is answered; may change the runs. */
  readonly onRequest?: (path: string, remove: (id: string) => void) => void;
  /** The steps of each run, by its id. */
  readonly steps?: ReadonlyMap<string, readonly object[]>;
}

/**
 * A runs API in memory, on its own: the list with its filters and cursors, single runs, steps, and the
 * internal list with its dates. Fast enough for many thousands of runs.
 */
export async function startWindowedUpstream(
  runs: readonly RandomRun[],
  { internal = 'honest', dialect = 'reversed', onRequest, steps }: WindowedUpstreamOptions = {},
): Promise<WindowedUpstream> {
  let all = sortRuns(runs, 'asc');
  const byId = new Map(all.map((run) => [run.id, run]));
  const requests: string[] = [];

  const list = (query: URLSearchParams, isWanted: (run: RandomRun) => boolean): RandomRun[] => {
    const isAscending = query.get('order') === 'asc';
    const following = query.get(dialect === 'reversed' ? 'before' : 'after') ?? '';
    const preceding = query.get(dialect === 'reversed' ? 'after' : 'before') ?? '';
    const rows: RandomRun[] = [];
    const limit = Number(query.get('limit') ?? 100);
    const sorted = isAscending ? all : all.toReversed();
    const indexOf = (id: string): number => (byId.has(id) ? sorted.findIndex((run) => run.id === id) : -1);
    const end = indexOf(preceding);
    for (let at = indexOf(following) + 1; at < (end === -1 ? sorted.length : end); at++) {
      const run = sorted[at];
      if (rows.length === limit) break;
      if (run !== undefined && isWanted(run)) rows.push(run);
    }
    return rows;
  };

  const isFiltered = (query: URLSearchParams): ((run: RandomRun) => boolean) => {
    const lists = (key: string): string[] | undefined => (query.has(key) ? query.getAll(key) : undefined);
    const filters = {
      statuses: lists('statuses') ?? (query.get('active') === 'true' ? ACTIVE_STATUSES : undefined),
      agent_id: query.get('agent_id') ?? undefined,
      agent_ids: lists('agent_ids'),
      conversation_id: query.get('conversation_id') ?? undefined,
      stop_reason: query.get('stop_reason') ?? undefined,
      background: query.has('background') ? query.get('background') === 'true' : undefined,
    };
    return (run) => matches(run, filters);
  };

  const internalList = (query: URLSearchParams): readonly object[] | number => {
    const [from, until] = [query.get('start_date'), query.get('end_date')];
    const inDates = ({ created_at }: RandomRun): boolean =>
      (from === null || nanosOf(created_at) >= nanosOf(from)) &&
      (until === null || nanosOf(created_at) <= nanosOf(until));
    const isAny = isFiltered(query);
    const honest = (run: RandomRun): boolean => inDates(run) && isAny(run);
    const at = from ?? until ?? '';
    const answers: Readonly<Record<InternalRoute, () => readonly object[] | number>> = {
      honest: () => list(query, honest).map(shown),
      missing: () => 404,
      forbidden: () => 403,
      failing: () => 500,
      'ignores dates': () => list(query, isAny).map(shown),
      'answers with runs outside': () => list(query, (run) => !inDates(run)).map(shown),
      'misses half of the runs': () =>
        list(query, (run) => honest(run) && /^run-.{7}[0-7]/.test(run.id)).map(shown),
      'in the wrong order': () => {
        const other = new URLSearchParams(query);
        other.set('order', query.get('order') === 'asc' ? 'desc' : 'asc');
        return list(other, honest).map(shown);
      },
      'always empty': () => [],
      'with other creation times': () =>
        list(query, (run) => !inDates(run)).map((run) => ({ ...shown(run), created_at: at })),
      'with runs that nobody has': () =>
        list(query, honest).map((run) => ({ ...shown(run), id: `run-${'0'.repeat(8)}` })),
    };
    return answers[internal]();
  };

  const answer = (url: URL): object | number => {
    const [, , , id = '', part] = url.pathname.split('/');
    if (url.pathname === '/v1/_internal_runs/') return internalList(url.searchParams);
    if (url.pathname === '/v1/runs/') return list(url.searchParams, isFiltered(url.searchParams)).map(shown);
    if (part === 'steps') return steps?.get(id) ?? [];
    const run = byId.get(id);
    if (run === undefined) return url.pathname === '/v1/health/' ? { version: '0.16.7' } : 404;
    // Of one run alone, Letta doesn't show the duration of its metrics.
    return { ...shown(run), total_duration_ns: run.total_duration_ns };
  };

  const remove = (id: string): void => {
    byId.delete(id);
    all = all.filter((run) => run.id !== id);
  };
  const served = await serve((request, response) => {
    const path = request.url ?? '';
    requests.push(path);
    onRequest?.(path, remove);
    const body = answer(new URL(path, 'http://upstream'));
    response.writeHead(typeof body === 'number' ? body : 200, { 'content-type': 'application/json' });
    response.end(typeof body === 'number' ? '{"detail":"no"}' : JSON.stringify(body));
  });
  return {
    ...served,
    requests,
  };
}

function shown({ run_ns, ...run }: RandomRun): object {
  return { ...run, total_duration_ns: durationOf({ ...run, run_ns }) };
}

import { ACTIVE_STATUSES, type WireRun } from './run-fields.ts';

/** As much of a run as its place in a list takes. */
export type Placed = Pick<WireRun, 'id' | 'created_at'>;

/** As much of a run as the filters look at. */
export type Filtered = Pick<
  WireRun,
  'agent_id' | 'status' | 'background' | 'conversation_id' | 'stop_reason'
>;

/** The filters of `GET /v1/runs/`, by their names there. */
export type WireFilters = Readonly<{
  active?: boolean | undefined;
  agent_id?: string | undefined;
  agent_ids?: readonly string[] | undefined;
  background?: boolean | undefined;
  conversation_id?: string | undefined;
  statuses?: readonly string[] | undefined;
  stop_reason?: string | undefined;
}>;

/** AND across the filters, OR inside a list; `agent_id` beats `agent_ids`, `statuses` beat `active`. */
function matches(run: Filtered, filters: WireFilters): boolean {
  const { active, agent_id, agent_ids, background, conversation_id, stop_reason } = filters;
  const agents = agent_id === undefined ? agent_ids : [agent_id];
  const statuses = filters.statuses ?? (active === true ? ACTIVE_STATUSES : undefined);
  return (
    (agents === undefined || agents.includes(run.agent_id)) &&
    (statuses === undefined || statuses.includes(run.status)) &&
    (background === undefined || background === run.background) &&
    (conversation_id === undefined || conversation_id === run.conversation_id) &&
    (stop_reason === undefined || stop_reason === run.stop_reason)
  );
}

/** Oldest first, ties by id. Whole microseconds, so that nothing depends on how an instant is written. */
function sortKey({ created_at, id }: Placed): string {
  const fraction = /\.(\d{1,6})\d*Z$/.exec(created_at)?.[1] ?? '';
  const seconds = Date.parse(created_at.replace(/\.\d+/, '')) / 1000;
  const micros = BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
  return `${String(micros).padStart(20, '0')} ${id}`;
}

export type Order = 'asc' | 'desc';

/** `desc` is newest first. */
export function sortRuns<Run extends Placed>(runs: readonly Run[], order: Order): Run[] {
  const sign = order === 'asc' ? 1 : -1;
  return runs
    .map((run) => ({ run, key: sortKey(run) }))
    .toSorted((a, b) => (a.key < b.key ? -sign : sign))
    .map(({ run }) => run);
}

/** What `before` and `after` mean to a server; see the README. */
export type Dialect = 'reversed' | 'documented';

export type WireCursors = Readonly<{ before?: string | undefined; after?: string | undefined }>;

/** The cursors for the runs behind `following` and ahead of `preceding`, as the list runs. */
export function cursorsBetween(
  dialect: Dialect | undefined,
  { following, preceding }: { following?: string | undefined; preceding?: string | undefined },
): WireCursors {
  return dialect === 'documented'
    ? { before: preceding, after: following }
    : { before: following, after: preceding };
}

export type WireQuery = WireFilters &
  WireCursors &
  Readonly<{ order?: Order | undefined; limit?: number | undefined }>;

/**
 * What `GET /v1/runs/` lists: sorted, cut at the cursors, filtered, cut at the limit. A cursor is a
 * position of the sorted list, whether or not its run passes the filters; one that names no run is
 * ignored. Without cursors the dialect makes no difference.
 */
export function listRuns<Run extends Placed & Filtered>(
  all: readonly Run[],
  { order = 'desc', limit = 100, before, after, ...filters }: WireQuery,
  dialect: Dialect = 'reversed',
): Run[] {
  const sorted = sortRuns(all, order);
  const indexOf = (id: string | undefined): number => sorted.findIndex((run) => run.id === id);
  const following = indexOf(dialect === 'reversed' ? before : after);
  const preceding = indexOf(dialect === 'reversed' ? after : before);
  return sorted
    .slice(following + 1, preceding === -1 ? undefined : preceding)
    .filter((run) => matches(run, filters))
    .slice(0, limit);
}

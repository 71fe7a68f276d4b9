import { isRunEnum } from '../../src/runs/run-enums.ts';
import { LISTED_FILTERS } from '../../src/runs/run-list.ts';
import type { RandomRun } from './random-runs.ts';
import { isSelected } from './run-arguments.ts';
import { camelCase, type WireRun } from './run-fields.ts';

/** As much of a run as its place in a list takes. */
type Placed = Pick<WireRun, 'id' | 'created_at'>;

/** Filters of `GET /v1/runs/`, by their names there. None contradicts another one. */
export type WireFilters = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** The parameters whose values are enum values, which are in upper case in GraphQL. */
const ENUMS: readonly string[] = Object.values(LISTED_FILTERS).flatMap(({ parameter, argument }) =>
  isRunEnum(argument.type) ? [parameter] : [],
);

function matches(run: WireRun, filters: WireFilters): boolean {
  const selecting = Object.entries(filters).map(([name, value]) => {
    const upper = (text: string): string => (ENUMS.includes(name) ? text.toUpperCase() : text);
    const given = typeof value === 'string' ? upper(value) : Array.isArray(value) ? value.map(upper) : value;
    return [camelCase(name), given];
  });
  return isSelected(run as RandomRun, Object.fromEntries(selecting));
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

export type WireQuery = WireCursors &
  Readonly<{ filters?: WireFilters; order?: Order | undefined; limit?: number | undefined }>;

/**
 * What `GET /v1/runs/` lists: sorted, cut at the cursors, filtered, cut at the limit. A cursor is a
 * position of the sorted list, whether or not its run passes the filters; one that names no run is
 * ignored. Without cursors the dialect makes no difference.
 */
export function listRuns<Run extends WireRun>(
  all: readonly Run[],
  { order = 'desc', limit = 100, before, after, filters = {} }: WireQuery,
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

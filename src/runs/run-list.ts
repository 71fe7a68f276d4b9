import { ArgumentError } from '../errors/gateway-error.ts';
import type { ListDefinition } from '../lists/list.ts';
import type { Order } from '../lists/position.ts';
import { IDS } from './ids.ts';
import { DEFAULT_LIST_ROWS, MAX_LIST_ROWS } from './limits.ts';
import { RUN_FILTERS, type RunFilter } from './run-filters.ts';
import { type Run, positionOf } from './run.ts';

type RunFilters = typeof RUN_FILTERS;
type ListedFilters = {
  [
    Name in keyof RunFilters as RunFilters[Name] extends { parameter: string } ? Name : never
  ]: RunFilters[Name];
};

/** The filters that the runs API has. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Those with a parameter, as the type says.
export const LISTED_FILTERS = Object.fromEntries(
  Object.entries(RUN_FILTERS).filter(([, row]) => 'parameter' in row),
) as ListedFilters;

/** The list of runs, sorted by time of creation, ties by id. */
export const RUN_LIST = {
  name: 'runs',
  noun: 'run',
  path: 'v1/runs/',
  positionOf,
  cursors: IDS.run,
  filters: LISTED_FILTERS,
  longFilter: 'agentIds',
  maxRows: MAX_LIST_ROWS,
  defaultRows: DEFAULT_LIST_ROWS,
} as const satisfies ListDefinition<Run>;

/** Splits a filter into what is sent to the API, and what its list is searched for. */
export function splitFilter(filter: RunFilter): { readonly sent: RunFilter; readonly bounds: RunFilter } {
  const sent: Record<string, unknown> = {};
  const bounds: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(filter)) (name in LISTED_FILTERS ? sent : bounds)[name] = value;
  return { sent, bounds };
}

/** Returns the filters that a run matches for good or never, of those that the API has: all but status and stop reason. */
export function fixedFilters(filter: RunFilter): RunFilter {
  const table: Readonly<Record<string, { readonly isFixed?: true }>> = LISTED_FILTERS;
  return Object.fromEntries(Object.entries(filter).filter(([name]) => table[name]?.isFixed));
}

/** Replaces a list of one stop reason, for which the API has no filter, by one stop reason, for which it has one. */
export function preferListed(filter: RunFilter): RunFilter {
  const { stopReasons: [stopReason, ...more] = [], ...others } = filter;
  return stopReason === undefined || more.length > 0 ? filter : { ...others, stopReason };
}

/** Reads the order of a list. REST ignores one of two contradictory parameters. @throws ArgumentError */
export function readRunOrder({
  order,
  ascending,
}: {
  readonly order?: Order | null | undefined;
  readonly ascending?: boolean | null | undefined;
}): Order {
  if (ascending === true && order === 'desc') {
    const why = 'ascending: true contradicts order: DESC; omit ascending, which is deprecated';
    throw new ArgumentError('ascending', `ascending and order: ${why}`);
  }
  return order ?? (ascending === true ? 'asc' : 'desc');
}

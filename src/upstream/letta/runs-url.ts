import type { RunOrder } from '../../runs/position.ts';
import { RUN_FILTER_NAMES, RUN_FILTERS, type RunFilter } from '../../runs/run-filters.ts';

/** Run ids for the API's two cursor parameters, whose meaning depends on the dialect. */
interface WireCursors {
  readonly before?: string;
  readonly after?: string;
}

export interface ListParameters {
  readonly filter: RunFilter;
  readonly order: RunOrder;
  /** Rows, 1 to 1000. */
  readonly limit: number;
  readonly cursors?: WireCursors;
}

/**
 * Returns the path and query of a list, relative to the root of the API. It has a trailing slash:
 * without one the API redirects, which would lose the credentials.
 */
export function listPath({ filter, order, limit, cursors = {} }: ListParameters): string {
  const { query, add } = createQuery();
  for (const name of RUN_FILTER_NAMES) {
    const value = filter[name];
    if (value === undefined) continue;
    // Lists are sent as repeated keys: the API accepts no other form, and silently ignores `key[]`.
    for (const one of Array.isArray(value) ? value : [value]) add(RUN_FILTERS[name].parameter, one);
  }
  add('before', cursors.before);
  add('after', cursors.after);
  add('limit', limit);
  add('order', order);
  return `v1/runs/?${query()}`;
}

export interface SeekParameters {
  /** Inclusive, with a zone. */
  readonly dates: { readonly start_date?: string; readonly end_date?: string };
  readonly order: RunOrder;
  readonly limit: number;
}

/** Returns the path and query of the internal list, which has filters by date. */
export function internalListPath({ dates, order, limit }: SeekParameters): string {
  const { query, add } = createQuery();
  add('start_date', dates.start_date);
  add('end_date', dates.end_date);
  add('limit', limit);
  add('order', order);
  return `v1/_internal_runs/?${query()}`;
}

type Add = (key: string, value: string | number | boolean | undefined) => void;

/** Collects the parameters of a query; those that are undefined are left out. */
function createQuery(): { readonly query: () => string; readonly add: Add } {
  let query = '';
  return {
    query: () => query,
    add(key, value) {
      if (value !== undefined) query += `${query === '' ? '' : '&'}${key}=${encodeURIComponent(value)}`;
    },
  };
}

/** Returns the path of one run. It has no trailing slash, for the same reason. */
export function retrievePath(id: string): string {
  return `v1/runs/${encodeURIComponent(id)}`;
}

/** Returns the path of one step. */
export function stepPath(id: string): string {
  return `v1/steps/${encodeURIComponent(id)}`;
}

/**
 * Returns the path of one agent. Without `include`, the API also loads its tools, memory and other
 * relations, which takes twice as long.
 */
export function agentPath(id: string): string {
  return `v1/agents/${encodeURIComponent(id)}?include=agent.tags`;
}

/** Returns the path for cancelling runs of one agent. */
export function cancelPath(agentId: string): string {
  return `v1/agents/${encodeURIComponent(agentId)}/messages/cancel`;
}

/** Answers 200 without credentials while the server is up. */
export const HEALTH_PATH = 'v1/health/';

import type { RunOrder } from '../../runs/position.ts';
import { RUN_FILTER_NAMES, RUN_FILTERS, type RunFilter } from '../../runs/run-filters.ts';

/** Ids of runs as the API's two cursor parameters take them; what they mean is the dialect's affair. */
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
 * The address of a list, relative to the API's root. With the trailing slash: without it the API
 * redirects, which would lose the credentials.
 */
export function listPath({ filter, order, limit, cursors = {} }: ListParameters): string {
  let query = '';
  const add = (key: string, value: string | number | boolean | undefined): void => {
    if (value !== undefined) query += `${query === '' ? '' : '&'}${key}=${encodeURIComponent(value)}`;
  };
  for (const name of RUN_FILTER_NAMES) {
    const value = filter[name];
    // Lists are repeated keys: the API takes no other form, and silently ignores `key[]`.
    for (const one of Array.isArray(value) ? value : [value]) add(RUN_FILTERS[name].parameter, one);
  }
  add('before', cursors.before);
  add('after', cursors.after);
  add('limit', limit);
  add('order', order);
  return `v1/runs/?${query}`;
}

/** The address of one run. Without a trailing slash, for the same reason. */
export function retrievePath(id: string): string {
  return `v1/runs/${encodeURIComponent(id)}`;
}

/** Answers 200 without credentials while the server is up. */
export const HEALTH_PATH = 'v1/health/';

import type { RunFilter, RunOrder } from '../runs/query.ts';

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
  const query = new URLSearchParams();
  if (filter.active) query.set('active', 'true');
  if (filter.agentId !== undefined) query.set('agent_id', filter.agentId);
  // Arrays are repeated keys: the API takes no other form, and silently ignores `key[]`.
  for (const id of filter.agentIds ?? []) query.append('agent_ids', id);
  if (filter.background !== undefined) query.set('background', String(filter.background));
  if (filter.conversationId !== undefined) query.set('conversation_id', filter.conversationId);
  for (const status of filter.statuses ?? []) query.append('statuses', status);
  if (filter.stopReason !== undefined) query.set('stop_reason', filter.stopReason);
  if (cursors.before !== undefined) query.set('before', cursors.before);
  if (cursors.after !== undefined) query.set('after', cursors.after);
  query.set('limit', String(limit));
  query.set('order', order);
  return `v1/runs/?${query.toString()}`;
}

/** The address of one run. Without a trailing slash, for the same reason. */
export function retrievePath(id: string): string {
  return `v1/runs/${encodeURIComponent(id)}`;
}

/** The address of one run's metrics. */
export function metricsPath(id: string): string {
  return `${retrievePath(id)}/metrics`;
}

/** Answers 200 without credentials while the server is up. */
export const HEALTH_PATH = 'v1/health/';

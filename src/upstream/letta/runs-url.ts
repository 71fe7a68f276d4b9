import { createQuery } from '../../lists/list.ts';
import type { RunOrder } from '../../runs/position.ts';

export interface SeekParameters {
  /** Inclusive, with a zone. */
  readonly dates: { readonly start_date?: string; readonly end_date?: string };
  readonly order: RunOrder;
  readonly limit: number;
}

/** Returns the path and query of the internal list, which has filters by date. */
export function internalListPath({ dates, order, limit }: SeekParameters): string {
  const { text, add } = createQuery();
  add('start_date', dates.start_date);
  add('end_date', dates.end_date);
  add('limit', limit);
  add('order', order);
  return `v1/_internal_runs/?${text()}`;
}

/** Returns the path of one run. It has no trailing slash: with one the API redirects, which would lose the credentials. */
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

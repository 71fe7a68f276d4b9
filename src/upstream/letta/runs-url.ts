import { createQuery } from '../../lists/list.ts';
import type { RunOrder } from '../../runs/position.ts';
import type { RunParts } from '../../runs/source.ts';

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

/** An endpoint for a part of one run. */
interface RunPart {
  /** Returns its path, relative to the root of the API. */
  readonly path: (id: string) => string;
  /** Whether the API may fail to send it by a 500 as long as some row is there, as it does for agents. */
  readonly mayFailAlone: boolean;
}

/** The endpoint of each part of a run. */
export const RUN_PARTS: { readonly [Name in keyof RunParts]: RunPart } = {
  steps: { path: (id) => `${retrievePath(id)}/steps`, mayFailAlone: false },
  // Images of some sources, and agents without a model's configuration, make the API fail.
  messages: { path: (id) => `${retrievePath(id)}/messages`, mayFailAlone: true },
  metrics: { path: (id) => `${retrievePath(id)}/metrics`, mayFailAlone: false },
  timing: { path: (id) => `${stepPath(id)}/metrics`, mayFailAlone: false },
};

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

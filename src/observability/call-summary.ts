import type { UpstreamCall } from '../upstream/upstream-call.ts';

/** An upstream request, as clients who may ask for it and operators are told of it. */
export interface CallSummary {
  /** The method and the route, without ids. */
  readonly request: string;
  /** Milliseconds until it was answered; null if it wasn't. */
  readonly ms: number | null;
  readonly status: number | null;
  /** `OK`, or the code of the error. */
  readonly code: string;
  /** Rows of the list that was answered. */
  readonly rows?: number;
  /** The size of the page that was asked for. */
  readonly limit?: number;
  /** Whether it joined an identical request in flight. */
  readonly joined: boolean;
  readonly retries: number;
}

export function summarizeCalls(calls: readonly UpstreamCall[]): readonly CallSummary[] {
  return calls.map(({ method, route, ms, status, code, rows, limit, joined, attempts }) => ({
    request: `${method} ${route}`,
    ms: ms === undefined ? null : Math.round(ms * 10) / 10,
    status: status ?? null,
    code,
    ...(rows !== undefined && { rows }),
    ...(limit !== undefined && { limit }),
    joined,
    retries: Math.max(0, attempts - 1),
  }));
}

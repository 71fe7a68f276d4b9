import type { UpstreamErrorCode } from '../errors/upstream-error.ts';
import type { Dialect } from '../lists/ranges/dialect.ts';
import type { ListKind } from '../runs/limits.ts';
import type { DriftKind } from './letta/decode/drift.ts';

export type AttemptOutcome = 'OK' | 'NOT_FOUND' | 'ABORTED' | UpstreamErrorCode;
export type BreakerChange = 'opened' | 'closed';

/** Receives events of an upstream for metrics and logs, one call per event. */
export interface UpstreamTelemetry {
  /** An attempt ended, after this many milliseconds. @param path may have ids and a query */
  attempt(outcome: AttemptOutcome, milliseconds: number, path: string): void;
  /** An attempt failed and is retried. */
  retry(code: UpstreamErrorCode): void;
  /** A retry was due, but the retry budget is exhausted. */
  retryWithheld(): void;
  /** A caller started a call, or joined an identical one in flight. */
  call(event: 'joined' | 'started'): void;
  /** The circuit breaker of one caller opened or closed; this many callers' are open now. */
  breaker(change: BreakerChange, open: number): void;
  /** The dialect is configured, was detected, or has changed. */
  dialect(dialect: Dialect): void;
  /** The size of the pages of a kind of list was learned from the upstream, or has changed. */
  pageSize(list: ListKind, size: number): void;
  /** A page failed a check, and was rejected. */
  failedCheck(check: string): void;
  /** The rows of a list were read: the numbers of rows that are copied as text, and that were decoded. */
  rows(copied: number, decoded: number): void;
  /** A response differs from the known release, such as by a new status; `value` is that status. */
  drift(kind: DriftKind, value: string): void;
}

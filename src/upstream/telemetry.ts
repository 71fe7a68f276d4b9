import type { UpstreamErrorCode } from '../runs/errors.ts';
import type { DriftKind } from '../wire/drift.ts';
import type { Dialect } from './letta/dialect.ts';

export type AttemptOutcome = 'OK' | 'NOT_FOUND' | 'ABORTED' | UpstreamErrorCode;
export type BreakerState = 'closed' | 'open' | 'half-open';

/** What an upstream tells of itself, for metrics and logs. Every call is about one event. */
export interface UpstreamTelemetry {
  /** One attempt has ended, after so many milliseconds. */
  attempt(outcome: AttemptOutcome, milliseconds: number): void;
  /** An attempt failed and is made again. */
  retry(code: UpstreamErrorCode): void;
  /** A retry was due, but too many of the recent calls were retried already. */
  retryWithheld(): void;
  /** A caller joined a request that was in flight, or started one. */
  call(kind: 'joined' | 'started'): void;
  breaker(state: BreakerState): void;
  /** Requests in flight and requests waiting for a place. */
  load(inFlight: number, waiting: number): void;
  dialect(dialect: Dialect): void;
  /** A page was not what was asked for. */
  failedCheck(kind: string): void;
  /** The wire held something that this program doesn't know, such as a status; `value` says what. */
  drift(kind: DriftKind, value: string): void;
}

export const noTelemetry: UpstreamTelemetry = {
  attempt() {},
  retry() {},
  retryWithheld() {},
  call() {},
  breaker() {},
  load() {},
  dialect() {},
  failedCheck() {},
  drift() {},
};

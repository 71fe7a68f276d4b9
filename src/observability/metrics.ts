import { Registry } from 'prom-client';
import { DIALECTS } from '../lists/ranges/dialect.ts';
import { INTERNAL_RUNS_STATES } from '../upstream/letta/seek-run.ts';
import type { UpstreamTelemetry } from '../upstream/telemetry.ts';
import { routeOf } from '../upstream/upstream-call.ts';
import type { OperationRecord } from './operation-record.ts';
import { createSeries, type Readers, type Series } from './series.ts';

/** Why a client's connection was closed, as it is logged. */
export const CLOSE_REASONS = {
  over_limit: { code: 'OVERLOADED', reason: 'Too many connections, or too many requests on one' },
  not_reading: { code: 'OVERLOADED', reason: 'The client reads nothing' },
} as const;
export type CloseReason = keyof typeof CLOSE_REASONS;

/** The metrics of one gateway, in their own registry. */
export interface Metrics {
  readonly registry: Registry;
  /** What records each of them; the functions below are for what takes more than one call. */
  readonly series: Series;
  readonly upstream: UpstreamTelemetry;
  /** Records a GraphQL request that was answered. */
  operation(record: Pick<OperationRecord, 'code'>, milliseconds: number): void;
  /** Records an upstream request for subscriptions. */
  polled(): void;
  /** Records a connection of a client that the gateway closed. */
  connectionClosed(reason: CloseReason): void;
  /** Records a GraphQL request that was refused before its operation was read. */
  requestRefused(code: string): void;
  /** Records a GraphQL request that exceeded the rate limit of its caller. */
  rateLimited(): void;
  /** The store of the rate limit has come or gone. */
  rateLimitStore(isUp: boolean): void;
  /** Shows what is watched for subscriptions. @param read is called whenever metrics are collected */
  watchLive(read: () => { readonly subscriptions: number; readonly pollers: number }): void;
}

/** Creates the metrics, all of them zero. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const readers: Readers = new Map();
  const series = createSeries(registry, readers);
  // Most gateways have no store, which isn't one that is away.
  series.rate_limit_store_up.remove();
  return {
    registry,
    series,
    operation({ code }, milliseconds) {
      series.operations.inc({ code });
      series.operation_duration.observe(milliseconds / 1000);
    },
    polled: () => series.live_requests.inc(),
    connectionClosed: (reason) => series.connections_closed.inc({ reason }),
    requestRefused: (code) => series.requests_refused.inc({ code }),
    rateLimited: () => series.rate_limited_operations.inc(),
    rateLimitStore: (isUp) => series.rate_limit_store_up.set(Number(isUp)),
    watchLive(read) {
      readers.set('subscriptions', (gauge) => gauge.set(read().subscriptions));
      readers.set('pollers', (gauge) => gauge.set(read().pollers));
    },
    upstream: upstreamTelemetry(series),
  };
}

function upstreamTelemetry(series: Series): UpstreamTelemetry {
  return {
    attempt(outcome, milliseconds, path) {
      const route = routeOf(path);
      series.upstream_attempts.inc({ route, outcome });
      series.upstream_attempt_duration.observe({ route }, milliseconds / 1000);
    },
    retry: (code) => series.upstream_retries.inc({ code }),
    retryWithheld: () => series.upstream_retries_withheld.inc(),
    call: (kind) => series.upstream_calls.inc({ kind }),
    breaker: (_change, open) => series.upstream_open_breakers.set(open),
    load(inFlight, waiting) {
      series.upstream_in_flight.set(inFlight);
      series.upstream_waiting.set(waiting);
    },
    dialect(known) {
      for (const dialect of DIALECTS) series.upstream_dialect.set({ dialect }, Number(dialect === known));
    },
    internalRuns(known) {
      for (const state of INTERNAL_RUNS_STATES) {
        series.upstream_internal_runs.set({ state }, Number(state === known));
      }
    },
    pageSize: (list, size) => series.upstream_page_size.set({ list }, size),
    failedCheck: (kind) => series.upstream_failed_checks.inc({ kind }),
    rows(copied, decoded) {
      series.upstream_rows.inc({ kind: 'copied' }, copied);
      series.upstream_rows.inc({ kind: 'decoded' }, decoded);
    },
    drift: (kind) => series.upstream_drift.inc({ kind }),
  };
}

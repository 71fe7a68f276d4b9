/** What is measured: its name without `runs_gateway_` and its unit, a sentence for the docs, and its labels. */
interface Metric {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
}

/** All metrics of a gateway. Counters end in `_total`, histograms are of seconds. */
export const METRICS = {
  operations: {
    kind: 'counter',
    help: 'GraphQL requests by the code of their first error, or OK if there was none',
    labels: ['code'],
  },
  operation_duration: { kind: 'histogram', help: 'Duration of GraphQL requests', labels: [] },
  requests_refused: {
    kind: 'counter',
    help: 'GraphQL requests that were refused before their operation was read, by error code',
    labels: ['code'],
  },
  rate_limited_operations: {
    kind: 'counter',
    help: 'GraphQL requests that exceeded `RATE_LIMIT`',
    labels: [],
  },
  rate_limit_store_up: {
    kind: 'gauge',
    help: '1 while `RATE_LIMIT_STORE` counts for all replicas, 0 while it is away',
    labels: [],
  },
  connections_closed: {
    kind: 'counter',
    help: 'Connections closed because there were too many, or because the client did not read its answer',
    labels: ['reason'],
  },
  subscriptions: { kind: 'gauge', help: 'Open subscriptions', labels: [] },
  pollers: { kind: 'gauge', help: 'Lists and runs that are polled for subscriptions', labels: [] },
  live_requests: { kind: 'counter', help: 'Upstream requests for subscriptions', labels: [] },
  upstream_calls: {
    kind: 'counter',
    help: 'Upstream calls by kind: started, or joined to an identical call in flight',
    labels: ['kind'],
  },
  upstream_attempts: {
    kind: 'counter',
    help: 'Upstream HTTP requests by route and outcome',
    labels: ['route', 'outcome'],
  },
  upstream_attempt_duration: {
    kind: 'histogram',
    help: 'Duration of upstream HTTP requests by route',
    labels: ['route'],
  },
  upstream_retries: {
    kind: 'counter',
    help: 'Retries of upstream requests by the error code that caused them',
    labels: ['code'],
  },
  upstream_retries_withheld: {
    kind: 'counter',
    help: 'Retries withheld because the retry budget was exhausted',
    labels: [],
  },
  upstream_open_breakers: { kind: 'gauge', help: 'Callers whose circuit breaker is open', labels: [] },
  upstream_in_flight: { kind: 'gauge', help: 'Upstream requests in flight', labels: [] },
  upstream_waiting: { kind: 'gauge', help: 'Upstream requests waiting for a permit', labels: [] },
  upstream_dialect: {
    kind: 'gauge',
    help: '1 for the cursor dialect of the upstream once known, 0 for the other',
    labels: ['dialect'],
  },
  upstream_internal_runs: {
    kind: 'gauge',
    help: '1 for what the internal list of the upstream turned out to be once it was needed, 0 for the others',
    labels: ['state'],
  },
  upstream_page_size: {
    kind: 'gauge',
    help: 'Rows of a page of each kind of list, once the upstream has refused more',
    labels: ['list'],
  },
  upstream_failed_checks: {
    kind: 'counter',
    help: 'Upstream pages that failed a check, by kind of problem',
    labels: ['kind'],
  },
  upstream_rows: {
    kind: 'counter',
    help: 'Rows of upstream lists by how they were read: copied as text, or decoded',
    labels: ['kind'],
  },
  upstream_drift: {
    kind: 'counter',
    help: 'Different unknown enum values, new fields and missing fields in upstream responses',
    labels: ['kind'],
  },
  memory_budget_bytes: { kind: 'gauge', help: 'What clients may make the process hold', labels: [] },
  held_bytes: { kind: 'gauge', help: 'What clients make the process hold, by kind', labels: ['kind'] },
  memory_refusals: {
    kind: 'counter',
    help: 'What clients could not make the process hold: refused to the caller who holds most, or cut off to make room',
    labels: ['reason', 'kind'],
  },
  log_lines_dropped: {
    kind: 'counter',
    help: 'Lines of the log that were lost because they could not be written, from the command line',
    labels: [],
  },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The table has no other keys.
export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

const SUFFIXES = { counter: '_total', gauge: '', histogram: '_seconds' } as const;

/** The name by which Prometheus knows a metric. */
export function nameOf(metric: MetricName): string {
  return `runs_gateway_${metric}${SUFFIXES[METRICS[metric].kind]}`;
}

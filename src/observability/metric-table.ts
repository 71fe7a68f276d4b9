type Kind = 'counter' | 'gauge' | 'histogram';

/** Returns a function for rows of the table: a help text, which the docs show too, and labels. */
const rowsOf =
  <Of extends Kind>(kind: Of) =>
  <Label extends string = never>(help: string, ...labels: readonly Label[]) => ({ kind, help, labels });
const [counter, gauge, histogram] = [rowsOf('counter'), rowsOf('gauge'), rowsOf('histogram')];

/** All metrics of a gateway, by names without `runs_gateway_` and a suffix. Histograms are of seconds. */
export const METRICS = {
  operations: counter('GraphQL requests by the code of their first error, or OK if there was none', 'code'),
  operation_duration: histogram('Duration of GraphQL requests'),
  requests_refused: counter(
    'Requests that were refused before their operation was read, by error code',
    'code',
  ),
  rate_limited_operations: counter('Operations and look-ups of streams that exceeded `RATE_LIMIT`'),
  rate_limit_store_up: gauge(
    '1 while connected to `RATE_LIMIT_STORE`, which counts for all replicas, else 0',
  ),
  connections_closed: counter(
    'Connections closed because there were too many, or because the client did not read its response',
    'reason',
  ),
  subscriptions: gauge('Open subscriptions'),
  pollers: gauge('Lists and runs that are polled for subscriptions'),
  live_requests: counter('Upstream requests for subscriptions'),
  upstream_calls: counter(
    'Upstream calls by kind: started, or joined to an identical call in flight',
    'kind',
  ),
  upstream_attempts: counter('Upstream HTTP requests by route and outcome', 'route', 'outcome'),
  upstream_attempt_duration: histogram('Duration of upstream HTTP requests by route', 'route'),
  upstream_retries: counter('Retries of upstream requests by the error code that caused them', 'code'),
  upstream_retries_withheld: counter('Retries withheld because the retry budget was exhausted'),
  upstream_open_breakers: gauge('Callers whose circuit breaker is open'),
  upstream_in_flight: gauge('Upstream requests in flight'),
  upstream_waiting: gauge('Upstream requests waiting for a permit'),
  upstream_dialect: gauge('1 for the cursor dialect of the upstream once known, 0 for the other', 'dialect'),
  upstream_page_size: gauge(
    'Rows of a page of each kind of list, once the upstream has refused more',
    'list',
  ),
  upstream_failed_checks: counter('Upstream pages that failed a check, by kind of problem', 'kind'),
  upstream_rows: counter('Rows of upstream lists by how they were read: copied as text, or decoded', 'kind'),
  upstream_drift: counter(
    'Different unknown enum values, new fields and missing fields in upstream responses',
    'kind',
  ),
  log_lines_dropped: counter(
    'Lines of the log that were lost because they could not be written, from the command line',
  ),
};

export type MetricName = keyof typeof METRICS;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The table has no other keys.
export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

const SUFFIXES = { counter: '_total', gauge: '', histogram: '_seconds' } as const;

/** Returns the name of a metric in Prometheus. */
export function nameOf(metric: MetricName): string {
  return `runs_gateway_${metric}${SUFFIXES[METRICS[metric].kind]}`;
}

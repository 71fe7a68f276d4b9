import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { DIALECTS } from '../lists/ranges/dialect.ts';
import { HELD_KINDS, type Memory, type MemoryRefusal } from '../memory/index.ts';
import { INTERNAL_RUNS_STATES } from '../upstream/letta/internal-runs.ts';
import type { UpstreamTelemetry } from '../upstream/telemetry.ts';
import { routeOf } from '../upstream/upstream-call.ts';
import { NamedSeries, type Totals } from './named-series.ts';
import type { OperationRecord } from './operation-record.ts';

/** Why a client's connection was closed, as it is logged. */
export const CLOSE_REASONS = {
  over_limit: { code: 'OVERLOADED', reason: 'Too many connections, or too many requests on one' },
  not_reading: { code: 'OVERLOADED', reason: 'The client reads nothing' },
} as const;
export type CloseReason = keyof typeof CLOSE_REASONS;

/** What is counted of an operation. */
type CountedOperation = Pick<OperationRecord, 'code' | 'name' | 'clientName' | 'upstreamRequests'>;

/** Who sent it, by the name that logs have. */
interface CountedCaller {
  readonly caller: string;
  readonly isLabelled: boolean;
}

/** The metrics of one gateway, in their own registry. */
export interface Metrics {
  readonly registry: Registry;
  readonly upstream: UpstreamTelemetry;
  /** Records a GraphQL request that was answered. */
  operation(record: CountedOperation, by: CountedCaller, milliseconds: number): void;
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
  /** Shows what clients make the process hold. */
  watchMemory(memory: Pick<Memory, 'budgetBytes' | 'held'>): void;
  /** Records what clients could not make the process hold. */
  memoryRefused(refusal: MemoryRefusal): void;
  /** Shows what is watched for subscriptions. @param read is called whenever metrics are collected */
  watchLive(read: () => { readonly subscriptions: number; readonly pollers: number }): void;
}

/** Series of names that clients choose, of which each caller may take a part; and of callers, of whom those with labels have most. */
const OPERATION_SERIES = { max: 200, maxOfOne: 100 };
const CALLER_SERIES = { max: 100, maxOfOne: 50 };
const UNLABELLED = '';
const TOTALS: readonly { name: string; help: string; total: keyof Totals }[] = [
  { name: 'operations', help: 'GraphQL requests', total: 'operations' },
  { name: 'operation_errors', help: 'GraphQL requests with errors', total: 'errors' },
  { name: 'operation_seconds', help: 'Time that GraphQL requests took', total: 'seconds' },
  {
    name: 'operation_upstream_requests',
    help: 'Upstream requests of GraphQL requests',
    total: 'upstreamRequests',
  },
];
/** Characters of a name. */
const MAX_NAME = 64;

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Creates the metrics, all of them zero. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `runs_gateway_${name}_total`, help, labelNames, registers });
  /** Returns what counts by a label, or by two, whose values are separated by a space. Counts are in a map until metrics are collected, since every request has some. */
  const tally = (name: string, help: string, label: string, second?: string) => {
    const counts = new Map<string, number>();
    const shown: Counter = new Counter({
      name: `runs_gateway_${name}_total`,
      help,
      labelNames: second === undefined ? [label] : [label, second],
      registers,
      collect() {
        shown.reset();
        for (const [value, count] of counts) {
          const [one = '', other = ''] = value.split(' ');
          shown.inc({ [label]: one, ...(second !== undefined && { [second]: other }) }, count);
        }
      },
    });
    return (value: string, number = 1): void => void counts.set(value, (counts.get(value) ?? 0) + number);
  };
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name: `runs_gateway_${name}`, help, labelNames, registers });
  const seconds = (name: string, help: string) =>
    new Histogram({ name: `runs_gateway_${name}_seconds`, help, buckets: SECONDS, registers });

  const shown = (
    name: string,
    help: string,
    labelNames: readonly string[],
    series: NamedSeries,
    total: keyof Totals,
  ): void => {
    const self: Counter = new Counter({
      name: `runs_gateway_${name}_total`,
      help,
      labelNames: [...labelNames],
      registers,
      collect() {
        self.reset();
        for (const each of series) {
          self.inc(Object.fromEntries(labelNames.map((label, at) => [label, each.labels[at]])), each[total]);
        }
      },
    });
  };

  const operations = tally(
    'operations',
    'GraphQL requests by the code of their first error, or OK if there was none',
    'code',
  );
  let storeUp: Gauge | undefined;
  const rateLimited = counter('rate_limited_operations', 'GraphQL requests that exceeded `RATE_LIMIT`');
  const refused = tally(
    'requests_refused',
    'GraphQL requests that were refused before their operation was read, by error code',
    'code',
  );
  const operationTime = seconds('operation_duration', 'Duration of GraphQL requests');
  const calls = tally(
    'upstream_calls',
    'Upstream calls by kind: started, or joined to an identical call in flight',
    'kind',
  );
  const operationSeries = new NamedSeries(2, OPERATION_SERIES);
  const callerSeries = new NamedSeries(1, CALLER_SERIES);
  for (const { name, help, total } of TOTALS) {
    shown(`named_${name}`, `${help}, by name and client`, ['operation', 'client'], operationSeries, total);
    shown(`caller_${name}`, `${help}, by caller`, ['caller'], callerSeries, total);
  }
  const attempts = tally(
    'upstream_attempts',
    'Upstream HTTP requests by route and outcome',
    'route',
    'outcome',
  );
  const attemptTime = new Histogram({
    name: 'runs_gateway_upstream_attempt_duration_seconds',
    help: 'Duration of upstream HTTP requests by route',
    labelNames: ['route'],
    buckets: SECONDS,
    registers,
  });
  const polls = counter('live_requests', 'Upstream requests for subscriptions');
  const retries = tally(
    'upstream_retries',
    'Retries of upstream requests by the error code that caused them',
    'code',
  );
  const withheld = counter(
    'upstream_retries_withheld',
    'Retries withheld because the retry budget was exhausted',
  );
  const openBreakers = gauge('upstream_open_breakers', 'Callers whose circuit breaker is open');
  // Read only when metrics are collected: they change twice per request.
  let inFlight = 0;
  let waiting = 0;
  const loadGauge = (name: string, help: string, read: () => number) =>
    collected(name, help, [], (self) => self.set(read()));
  const collected = (name: string, help: string, labelNames: string[], read: (self: Gauge) => void): Gauge =>
    new Gauge({
      name: `runs_gateway_${name}`,
      help,
      labelNames,
      registers,
      collect() {
        read(this);
      },
    });
  loadGauge('upstream_in_flight', 'Upstream requests in flight', () => inFlight);
  loadGauge('upstream_waiting', 'Upstream requests waiting for a permit', () => waiting);
  const dialect = gauge(
    'upstream_dialect',
    '1 for the cursor dialect of the upstream once known, 0 for the other',
    'dialect',
  );
  const internalRuns = gauge(
    'upstream_internal_runs',
    '1 for what the internal list of the upstream turned out to be once it was needed, 0 for the others',
    'state',
  );
  const pageSize = gauge(
    'upstream_page_size',
    'Rows of a page of each kind of list, once the upstream has refused more',
    'list',
  );
  const failedChecks = tally(
    'upstream_failed_checks',
    'Upstream pages that failed a check, by kind of problem',
    'kind',
  );
  const rows = tally(
    'upstream_rows',
    'Rows of upstream lists by how they were read: copied as text, or decoded',
    'kind',
  );
  const drift = tally(
    'upstream_drift',
    'Different unknown enum values, new fields and missing fields in upstream responses',
    'kind',
  );

  const connectionsClosed = tally(
    'connections_closed',
    'Connections closed because there were too many, or because the client did not read its answer',
    'reason',
  );
  const memoryRefusals = counter(
    'memory_refusals',
    'What clients could not make the process hold: refused to the caller who holds most, or cut off to make room',
    'reason',
    'kind',
  );

  return {
    registry,
    operation({ code, name, clientName, upstreamRequests }, { caller, isLabelled }, milliseconds) {
      operations(code);
      operationTime.observe(milliseconds / 1000);
      const now = performance.now();
      const byName = operationSeries.totalsOf(caller, name?.slice(0, MAX_NAME) ?? '', clientName ?? '', now);
      const byCaller = callerSeries.totalsOf(isLabelled ? caller : UNLABELLED, caller, '', now);
      for (const totals of [byName, byCaller]) {
        totals.operations++;
        if (code !== 'OK') totals.errors++;
        totals.seconds += milliseconds / 1000;
        totals.upstreamRequests += upstreamRequests;
      }
    },
    polled: () => polls.inc(),
    connectionClosed: (reason) => connectionsClosed(reason),
    requestRefused: (code) => refused(code),
    rateLimited: () => rateLimited.inc(),
    rateLimitStore(isUp) {
      storeUp ??= gauge(
        'rate_limit_store_up',
        '1 while `RATE_LIMIT_STORE` counts for all replicas, 0 while it is away',
      );
      storeUp.set(Number(isUp));
    },
    memoryRefused: ({ reason, kind }) => memoryRefusals.inc({ reason, kind }),
    watchMemory({ budgetBytes, held }) {
      loadGauge('memory_budget_bytes', 'What clients may make the process hold', () => budgetBytes);
      collected('held_bytes', 'What clients make the process hold, by kind', ['kind'], (self) => {
        for (const kind of HELD_KINDS) self.set({ kind }, held[kind]);
      });
    },
    watchLive(read) {
      loadGauge('subscriptions', 'Open subscriptions', () => read().subscriptions);
      loadGauge('pollers', 'Lists and runs that are polled for subscriptions', () => read().pollers);
    },
    upstream: {
      attempt(outcome, milliseconds, path) {
        const route = routeOf(path);
        attempts(`${route} ${outcome}`);
        attemptTime.observe({ route }, milliseconds / 1000);
      },
      retry: (code) => retries(code),
      retryWithheld: () => withheld.inc(),
      call: (kind) => calls(kind),
      breaker: (_change, open) => openBreakers.set(open),
      load(now, behind) {
        inFlight = now;
        waiting = behind;
      },
      dialect: (known) => showOne((name, number) => dialect.set({ dialect: name }, number), DIALECTS, known),
      internalRuns: (known) =>
        showOne((name, number) => internalRuns.set({ state: name }, number), INTERNAL_RUNS_STATES, known),
      pageSize: (list, size) => pageSize.set({ list }, size),
      failedCheck: (kind) => failedChecks(kind),
      rows(copied, decoded) {
        rows('copied', copied);
        rows('decoded', decoded);
      },
      drift: (kind) => drift(kind),
    },
  };
}

function showOne<Value extends string>(
  show: (value: Value, number: 0 | 1) => void,
  all: readonly Value[],
  one: Value,
): void {
  for (const value of all) show(value, value === one ? 1 : 0);
}

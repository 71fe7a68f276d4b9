import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { DIALECTS } from '../upstream/letta/dialect.ts';
import type { BreakerState, UpstreamTelemetry } from '../upstream/telemetry.ts';

/** Counts for `/metrics`, in a registry of their own. */
export interface Metrics {
  readonly registry: Registry;
  readonly upstream: UpstreamTelemetry;
  /** One request for GraphQL was answered. */
  operation(code: string, milliseconds: number): void;
}

const BREAKER_STATES: readonly BreakerState[] = ['closed', 'open', 'half-open'];
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `runs_gateway_${name}_total`, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name: `runs_gateway_${name}`, help, labelNames, registers });
  const seconds = (name: string, help: string) =>
    new Histogram({ name: `runs_gateway_${name}_seconds`, help, buckets: SECONDS, registers });

  const operations = counter(
    'operations',
    'GraphQL requests by the code of their first error, or OK',
    'code',
  );
  const operationTime = seconds('operation_duration', 'Time to answer a GraphQL request');
  const calls = counter(
    'upstream_calls',
    'Upstream calls: started, or joined to an equal one in flight',
    'kind',
  );
  const attempts = counter('upstream_attempts', 'Upstream requests by outcome', 'outcome');
  const attemptTime = seconds('upstream_attempt_duration', 'Time of one upstream request');
  const retries = counter('upstream_retries', 'Upstream requests made again, by the error before', 'code');
  const withheld = counter(
    'upstream_retries_withheld',
    'Retries not made because the retry budget was spent',
  );
  const breaker = gauge('upstream_breaker_state', '1 for the state that the breaker is in', 'state');
  // Read when somebody looks: they change twice with every request.
  let load = { inFlight: 0, waiting: 0 };
  const loadGauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `runs_gateway_upstream_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  loadGauge('in_flight', 'Upstream requests in flight', () => load.inFlight);
  loadGauge('waiting', 'Upstream requests that wait for a place', () => load.waiting);
  const dialect = gauge(
    'upstream_dialect',
    '1 for the cursor dialect of the upstream, once it is known',
    'dialect',
  );
  const failedChecks = counter(
    'upstream_failed_checks',
    'Pages that were not what was asked for, by what was wrong',
    'kind',
  );
  const drift = counter(
    'upstream_drift',
    'Values and fields of the upstream that the gateway does not know',
    'kind',
  );

  const showBreaker = (state: BreakerState): void =>
    showOne((name, number) => breaker.set({ state: name }, number), BREAKER_STATES, state);
  showBreaker('closed');

  return {
    registry,
    operation(code, milliseconds) {
      operations.inc({ code });
      operationTime.observe(milliseconds / 1000);
    },
    upstream: {
      attempt(outcome, milliseconds) {
        attempts.inc({ outcome });
        attemptTime.observe(milliseconds / 1000);
      },
      retry: (code) => retries.inc({ code }),
      retryWithheld: () => withheld.inc(),
      call: (kind) => calls.inc({ kind }),
      breaker: showBreaker,
      load(inFlight, waiting) {
        load = { inFlight, waiting };
      },
      dialect: (known) => showOne((name, number) => dialect.set({ dialect: name }, number), DIALECTS, known),
      failedCheck: (kind) => failedChecks.inc({ kind }),
      drift: (kind) => drift.inc({ kind }),
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

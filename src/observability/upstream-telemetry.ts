import { DIALECTS } from '../lists/ranges/dialect.ts';
import { INTERNAL_RUNS_STATES } from '../upstream/telemetry.ts';
import type { UpstreamTelemetry } from '../upstream/telemetry.ts';
import { routeOf } from '../upstream/trace.ts';
import type { Log } from './log.ts';
import type { Series } from './metrics.ts';

/** Further differences are neither counted nor logged: the upstream could send any number of them. */
const MAX_DIFFERENCES = 200;
/** Characters of a new value that are kept and logged. */
const MAX_VALUE_LENGTH = 100;

/**
 * Counts what happens upstream. State changes, failed checks and drift are also logged, each difference once: every
 * response of the same upstream has it again.
 */
export function upstreamTelemetry(series: Series, log: Log): UpstreamTelemetry {
  const differences = new Set<string>();
  return {
    attempt(outcome, milliseconds, path) {
      const route = routeOf(path);
      series.upstream_attempts.inc({ route, outcome });
      series.upstream_attempt_duration.observe({ route }, milliseconds / 1000);
    },
    retry: (code) => series.upstream_retries.inc({ code }),
    retryWithheld: () => series.upstream_retries_withheld.inc(),
    call: (kind) => series.upstream_calls.inc({ kind }),
    breaker(change, open) {
      series.upstream_open_breakers.set(open);
      log.warn({ change, open }, "A caller's circuit breaker changed");
    },
    load(inFlight, waiting) {
      series.upstream_in_flight.set(inFlight);
      series.upstream_waiting.set(waiting);
    },
    dialect(known) {
      for (const dialect of DIALECTS) series.upstream_dialect.set({ dialect }, Number(dialect === known));
      log.info({ dialect: known }, 'Selected the cursor dialect of the upstream');
    },
    internalRuns(known) {
      for (const state of INTERNAL_RUNS_STATES) {
        series.upstream_internal_runs.set({ state }, Number(state === known));
      }
      log.info({ state: known }, 'Found out whether the upstream has an internal list of runs');
    },
    pageSize(list, size) {
      series.upstream_page_size.set({ list }, size);
      log.info({ list, size }, 'Learned how many rows the upstream gives at a time');
    },
    failedCheck(kind) {
      series.upstream_failed_checks.inc({ kind });
      log.warn({ kind }, 'An upstream page failed a check');
    },
    rows(copied, decoded) {
      series.upstream_rows.inc({ kind: 'copied' }, copied);
      series.upstream_rows.inc({ kind: 'decoded' }, decoded);
    },
    drift(kind, value) {
      const shown = value.slice(0, MAX_VALUE_LENGTH);
      const difference = `${kind} ${shown}`;
      if (differences.has(difference) || differences.size >= MAX_DIFFERENCES) return;
      differences.add(difference);
      series.upstream_drift.inc({ kind });
      log.warn({ kind, value: shown }, 'The upstream differs from the release that this gateway knows');
    },
  };
}

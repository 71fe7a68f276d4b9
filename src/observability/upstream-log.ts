import type { UpstreamTelemetry } from '../upstream/telemetry.ts';
import type { Log } from './log.ts';

/** Further differences are neither counted nor logged: the upstream could send any number of them. */
const MAX_DIFFERENCES = 200;
/** Characters of a new value that are kept and logged. */
const MAX_VALUE_LENGTH = 100;

/**
 * Wraps telemetry so that state changes, failed checks and drift are also logged. Each difference is
 * counted and logged once: every response of the same upstream has it again.
 */
export function loggedTelemetry(counted: UpstreamTelemetry, log: Log): UpstreamTelemetry {
  const seen = new Set<string>();
  return {
    ...counted,
    breaker(change, open) {
      counted.breaker(change, open);
      log.warn({ change, open }, "A caller's circuit breaker changed");
    },
    dialect(dialect) {
      counted.dialect(dialect);
      log.info({ dialect }, 'Selected the cursor dialect of the upstream');
    },
    internalRuns(state) {
      counted.internalRuns(state);
      log.info({ state }, 'Found out whether the upstream has an internal list of runs');
    },
    pageSize(list, size) {
      counted.pageSize(list, size);
      log.info({ list, size }, 'Learned how many rows the upstream gives at a time');
    },
    failedCheck(kind) {
      counted.failedCheck(kind);
      log.warn({ kind }, 'An upstream page failed a check');
    },
    drift(kind, value) {
      const shown = value.slice(0, MAX_VALUE_LENGTH);
      const difference = `${kind} ${shown}`;
      if (seen.has(difference) || seen.size >= MAX_DIFFERENCES) return;
      seen.add(difference);
      counted.drift(kind, value);
      log.warn({ kind, value: shown }, 'The upstream differs from the release that this gateway knows');
    },
  };
}

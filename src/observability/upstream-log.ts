import type { UpstreamTelemetry } from '../upstream/telemetry.ts';
import type { Log } from './log.ts';

/** Further values are counted but not logged: the upstream could send any number of them. */
const MAX_LOGGED_VALUES = 200;

/** Wraps telemetry so that state changes, failed checks and each drift (once) are also logged. */
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
    failedCheck(kind) {
      counted.failedCheck(kind);
      log.warn({ kind }, 'An upstream page failed a check');
    },
    drift(kind, value) {
      counted.drift(kind, value);
      const key = `${kind} ${value}`;
      if (seen.has(key) || seen.size >= MAX_LOGGED_VALUES) return;
      seen.add(key);
      log.warn(
        { kind, value: value.slice(0, 100) },
        'The upstream differs from the release that this gateway knows',
      );
    },
  };
}

import type { UpstreamTelemetry } from '../upstream/telemetry.ts';
import type { Log } from './log.ts';

/** Values beyond these are counted, but no more logged: they come from outside. */
const MAX_LOGGED_VALUES = 200;

/** Counts everything, and logs what an operator should read: states that change, and each drift once. */
export function loggedTelemetry(counted: UpstreamTelemetry, log: Log): UpstreamTelemetry {
  const seen = new Set<string>();
  return {
    ...counted,
    breaker(state) {
      counted.breaker(state);
      log.warn({ state }, 'The breaker has changed its state');
    },
    dialect(dialect) {
      counted.dialect(dialect);
      log.info({ dialect }, 'The dialect of the upstream is known');
    },
    failedCheck(kind) {
      counted.failedCheck(kind);
      log.warn({ kind }, 'A page is not what was asked for');
    },
    drift(kind, value) {
      counted.drift(kind, value);
      const key = `${kind} ${value}`;
      if (seen.has(key) || seen.size >= MAX_LOGGED_VALUES) return;
      seen.add(key);
      log.warn({ kind, value: value.slice(0, 100) }, 'The upstream differs from the release that is known');
    },
  };
}

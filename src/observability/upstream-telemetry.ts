import { DIALECTS } from '../lists/ranges/dialect.ts';
import type { UpstreamTelemetry } from '../upstream/telemetry-events.ts';
import { routeOf } from '../upstream/trace.ts';
import type { Log } from './log.ts';
import type { Series } from './metrics.ts';

/** The most differences that are counted and logged: the upstream could send any number. */
const MAX_DIFFERENCES = 200;
/** The form of the API's own names. Unknown values of another form are not quoted: they may be echoed credentials. */
const NAME = /^[a-z]{1,15}\d{0,3}(?:_[a-z]{0,15}\d{0,3}){0,7}$/;

/**
 * Counts events of the upstream client. Changes of state, failed checks and drift are also logged, each difference once,
 * since every response repeats it.
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
    dialect(selected) {
      for (const dialect of DIALECTS) series.upstream_dialect.set({ dialect }, Number(dialect === selected));
      log.info({ dialect: selected }, 'Selected the cursor dialect of the upstream');
    },
    pageSize(list, size) {
      series.upstream_page_size.set({ list }, size);
      log.info({ list, size }, 'Detected the page size of the upstream');
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
      const logged = NAME.test(value) ? value : '[not a name]';
      const difference = `${kind} ${logged}`;
      if (differences.has(difference) || differences.size >= MAX_DIFFERENCES) return;
      differences.add(difference);
      series.upstream_drift.inc({ kind });
      log.warn({ kind, value: logged }, 'The upstream differs from the release that this gateway knows');
    },
  };
}

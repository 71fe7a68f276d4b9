import { UnsupportedError } from '../errors/gateway-error.ts';
import { hasEnded } from './run-state.ts';
import { type Run } from './run.ts';
import type { RunsSource } from './runs-source.ts';

type Source = Pick<RunsSource, 'listsDurations'>;

/**
 * Checks that durations of runs from a list can be relied on. The upstream's version is requested only if
 * a run that has ended has none.
 *
 * @param argument the bound of a window that needs them
 * @throws UnsupportedError where lists don't show durations
 */
export async function checkDurations(
  runs: readonly Pick<Run, 'status' | 'totalDurationNs'>[],
  source: Source,
  argument?: string,
): Promise<void> {
  if (runs.some((run) => run.totalDurationNs === null && hasEnded(run))) {
    await requireDurations(source, argument);
  }
}

/** @throws UnsupportedError where lists don't show durations */
export async function requireDurations(source: Source, argument?: string): Promise<void> {
  if (await source.listsDurations()) return;
  const the = argument === undefined ? 'The' : `${argument}: the`;
  throw new UnsupportedError(
    `${the} runs API is older than Letta 0.14.0 and does not show durations in lists. Those of single runs are in Run.metrics { durationNs }.`,
    argument,
  );
}

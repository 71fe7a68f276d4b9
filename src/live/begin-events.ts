import type { Position } from '../lists/position.ts';
import { type RunFilter, isSelected, runFilterKey } from '../runs/run-filters.ts';
import { fixedFilters } from '../runs/run-list.ts';
import { isActive } from '../runs/run-state.ts';
import { positionOf, type Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/runs-source.ts';
import { observe } from './polls/observe.ts';
import { livelyFrom } from './polls/plan-poll.ts';
import { canChange } from './polls/stopped-runs.ts';
import { fingerprintOf, latestOf } from './snapshots/advance.ts';
import { encodeSnapshot } from './snapshots/resume-cursor.ts';
import { compareBounds, isAfter } from './snapshots/snapshot.ts';

/** Milliseconds for which an ended run may still change, clocks being apart. A cursor has room for 200 such runs. */
const JUST_ENDED_MS = 60_000;

/**
 * Returns the cursor from which events follow a page of the list that was observed.
 *
 * @param covers whether a run at this position would be in the page if it were in the list
 */
export type EventsCursor = (page: Iterable<Run>, covers: (position: Position) => boolean) => string;

/**
 * Observes a list as the first poll of a subscription does: its active and its newest runs, by two parallel requests. A
 * page must be requested afterwards: then a change in between is in the page, or comes as an event. In the other order,
 * a run that ends in between would be in neither.
 *
 * @throws UpstreamError
 */
export async function beginEvents(filter: RunFilter, runs: RunsSource): Promise<EventsCursor> {
  const startedAt = Date.now();
  const observation = await observe({
    runs,
    filter: fixedFilters(filter),
    isFull: true,
    livelyFrom: livelyFrom(startedAt),
    readTo: undefined,
    readActiveTo: undefined,
    watchedBefore: null,
    mayReadOn: async () => false,
    // The memory of the responses is counted with the operation.
    hold: () => undefined,
  });
  const isShown = (run: Run): boolean => isSelected(run, filter);
  const isLate = (run: Run): boolean => {
    if (isActive(run) || !canChange(run)) return false;
    return run.completedAt === null || Math.abs(startedAt - Date.parse(run.completedAt)) < JUST_ENDED_MS;
  };
  const findings = { ...observation, unwatched: new Map<string, null>(), hasLookedUp: false, isShown };
  const late = new Set(observation.rows.filter(isLate).map(({ id }) => id));
  const snapshot = latestOf(findings, new Map(), (id) => late.has(id));
  return (page, covers) => {
    const fingerprints = new Map(
      snapshot.fingerprints
        .entries()
        .map(([id, each]) => [id, { ...each, isShown: each.isShown && !covers(each.position) }]),
    );
    // Active runs between the observed ones and an older one of the page are unknown: the cursor must be too old.
    let { watchedFrom } = snapshot;
    for (const run of page) {
      if (isActive(run) && compareBounds(positionOf(run), watchedFrom) < 0) watchedFrom = positionOf(run);
      const canCome = fingerprints.has(run.id) || isActive(run) || isAfter(run, snapshot.watermark);
      if (canCome || isLate(run)) fingerprints.set(run.id, fingerprintOf(run, findings, isLate(run)));
    }
    return encodeSnapshot({ ...snapshot, watchedFrom, fingerprints }, runFilterKey(filter));
  };
}

import type { Position } from '../../lists/position.ts';
import { fixedFilters } from '../../runs/run-filters.ts';
import type { RunSelection } from '../../runs/run-window.ts';
import type { RunsSource } from '../../runs/source.ts';
import { latestOf } from '../snapshots/advance.ts';
import type { ListEvent } from '../snapshots/batch.ts';
import { changesSince, type Findings } from '../snapshots/changes.ts';
import { encodeSnapshot } from '../snapshots/cursor.ts';
import { compareBounds, isAfter, type Snapshot } from '../snapshots/snapshot.ts';
import { tooFarBehind } from '../streams/errors.ts';
import type { Polled } from '../streams/hub.ts';
import { isActive, isSelected } from '../watched-run.ts';
import { bySnapshot, isResume, type ListReader, readerFrom, readNext, snapshotOf } from './list-reader.ts';
import { findOut } from './look-ups.ts';
import type { NewestRun } from './newest-run.ts';
import { keyAt, observe } from './observation.ts';
import { StoppedRuns } from './stopped-runs.ts';

/** Milliseconds between full polls, which read all runs that have not ended, and also serve readers with unread events. */
const FULL_MS = 15_000;
/** Milliseconds after its creation from which an active run is no longer expected to change at any moment. */
const STALE_MS = 3_600_000;
/** Milliseconds after the last change after which only the newest run is asked for, between full polls. */
const QUIET_MS = 10_000;

/**
 * Polls one list for its readers. Each of them gets the changes since its own snapshot: those that have read
 * everything share one batch; a slow one gets the latest state of each run in one event.
 *
 * @param open opens the runs for one poll
 * @param key of the selection
 * @param newest the newest run of the caller, which all of the caller's idle lists ask for together
 * @param payFor pays for requests that cursors cause, which may be forged. @returns whether they are paid
 */
export function createListPoller(
  open: () => RunsSource,
  selection: RunSelection,
  key: string,
  newest: NewestRun,
  payFor: (requests: number) => Promise<boolean>,
): Polled<ListReader, ListEvent> {
  const filter = fixedFilters(selection.filter);
  const stopped = new StoppedRuns();
  /** The snapshot of a reader that has read everything. */
  let latest: Snapshot | undefined;
  let fullAt = -Infinity;
  let busyAt = Date.now();
  let fresh: Position = { key: '', id: '' };
  /** The newest run of the caller when this list was last read. */
  let newestRead: string | null | undefined;

  return {
    isOver: false,
    next: readNext,
    cursorOf(reader) {
      const snapshot = snapshotOf(reader);
      if (isResume(snapshot)) return snapshot.after;
      return snapshot && encodeSnapshot(snapshot, key);
    },
    async poll(readers) {
      const startedAt = Date.now();
      const runs = open();
      const isDue = startedAt - fullAt >= FULL_MS;
      const isFull = isDue || readers.some(({ snapshot }) => isResume(snapshot));
      const isIdle = !isFull && startedAt - busyAt >= QUIET_MS;
      const hasCome = readers.some(({ snapshot }) => snapshot === undefined);
      if (isIdle && !hasCome && (await newest.read(runs)) === newestRead) return { isBusy: false };
      newestRead = newest.last;
      // A reader with unread events gets new ones only by a full poll, and so fewer.
      const served = readers.filter(
        ({ batch, snapshot }) => (batch === undefined || isDue) && (isFull || !isResume(snapshot)),
      );
      const claims = bySnapshot(served).flatMap(({ from }) => from ?? []);
      const [floor] = claims.map(({ watermark }) => watermark).toSorted(compareBounds);
      if (isFull) fresh = { key: keyAt(startedAt - STALE_MS), id: '' };
      let isPaid = true;
      const pay = async (requests: number): Promise<boolean> => (isPaid &&= await payFor(requests));
      // As far as its last watermark the poller reads back at its own expense.
      const reached = latest?.watermark;
      const mayReadOn = async (oldest: Position): Promise<boolean> =>
        (reached !== undefined && compareBounds(oldest, reached) > 0) || pay(1);
      const observation = await observe({ runs, filter, floor, mayReadOn, isFull, fresh });
      stopped.forget((id) => observation.byId.has(id));
      const known = latest?.known ?? new Map();
      const found = await findOut(observation, { runs, startedAt, known, stopped, claims, pay });
      const findings: Findings = { ...found, isShown: (run) => isSelected(run, selection) };
      const after = latestOf(findings, known, (id) => stopped.has(id));
      const hasChanged = latest !== undefined && changesSince(latest, findings).length > 0;
      const lost = new Map<ListReader, Error>();
      for (const { from = after, group } of bySnapshot(served)) {
        const next = readerFrom(from, after, findings, key);
        for (const reader of group) {
          if (next !== undefined) Object.assign(reader, next);
          else if (isPaid) lost.set(reader, tooFarBehind());
        }
      }
      latest = after;
      const isLively = findings.rows.some((run) => isActive(run) && isAfter(run, fresh));
      const isBusy = hasChanged || isLively || found.hasLookedUp || stopped.isBusy;
      if (isBusy) busyAt = startedAt;
      if (isDue) fullAt = startedAt;
      return { isBusy, lost };
    },
  };
}

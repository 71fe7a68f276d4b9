import { heldTooMuch } from '../../errors/gateway-error.ts';
import type { Position } from '../../lists/position.ts';
import { fixedFilters } from '../../runs/run-list.ts';
import { type RunSelection, isSelected } from '../../runs/run-selection.ts';
import { isActive } from '../../runs/run-state.ts';
import type { RunsSource } from '../../runs/runs-source.ts';
import type { HeldMemory } from '../../scheduling/held-memory.ts';
import { latestOf } from '../snapshots/advance.ts';
import { changesSince, type Findings } from '../snapshots/changes.ts';
import type { ListEvent } from '../snapshots/event-batch.ts';
import { encodeSnapshot } from '../snapshots/resume-cursor.ts';
import { compareBounds, isAfter, type Snapshot } from '../snapshots/snapshot.ts';
import { tooFarBehind } from '../streams/errors.ts';
import type { Polled } from '../streams/shared-poller.ts';
import { lookUpUnread } from './look-ups.ts';
import type { NewestRun } from './newest-run.ts';
import { keyAt, observe } from './observe.ts';
import {
  bySnapshot,
  bytesOf,
  isResume,
  type ListReader,
  readerFrom,
  readNext,
  snapshotOf,
} from './reader-state.ts';
import { StoppedRuns } from './stopped-runs.ts';

/** Milliseconds between full polls, which read all watched runs, and also serve readers with unread events. */
const FULL_MS = 15_000;
/** Milliseconds after its creation from which an active run is no longer expected to change at any moment. */
const STALE_MS = 3_600_000;
/** Milliseconds without a change after which polls between full polls read the newest run only. */
const QUIET_MS = 10_000;

/**
 * Polls one list for its readers. Each reader gets the changes since its snapshot: readers that have read
 * everything share one batch; a slow reader gets the latest state of each run in one event.
 *
 * @param open opens the runs for one poll; the memory counts its responses
 * @param key of the selection
 * @param newest the newest run of the caller, read once for all idle lists of the caller
 * @param kept counts what is kept until the next poll
 * @param payFor pays for requests that cursors cause, which may be forged. @returns whether they are paid
 */
export function createListPoller(
  open: (rows: HeldMemory) => RunsSource,
  selection: RunSelection,
  key: string,
  newest: NewestRun,
  payFor: (requests: number) => Promise<boolean>,
  kept: HeldMemory,
): Polled<ListReader, ListEvent> {
  const filter = fixedFilters(selection.filter);
  const stopped = new StoppedRuns();
  /** The snapshot of a reader that has read everything. */
  let latest: Snapshot | undefined;
  let fullAt = -Infinity;
  let busyAt = performance.now();
  let livelyFrom: Position = { key: '', id: '' };
  /** The newest run of the caller when this list was last read. */
  let newestRead: string | null | undefined;

  const poll = async (readers: readonly ListReader[], rows: HeldMemory) => {
    const startedAt = Date.now();
    // Intervals are by a clock that never steps back.
    const polledAt = performance.now();
    const runs = open(rows);
    const isDue = polledAt - fullAt >= FULL_MS;
    const isFull = isDue || readers.some(({ snapshot }) => isResume(snapshot));
    const isIdle = !isFull && polledAt - busyAt >= QUIET_MS;
    const hasNewReader = readers.some(({ snapshot }) => snapshot === undefined);
    if (isIdle && !hasNewReader && (await newest.read(runs)) === newestRead) return { isBusy: false };
    const newestNow = newest.last;
    // A reader with unread events is served by full polls only, and so gets fewer events.
    const served = readers.filter(({ batch }) => batch === undefined || isDue);
    const snapshots = bySnapshot(served).flatMap(({ from }) => from ?? []);
    const [readTo] = snapshots.map(({ watermark }) => watermark).toSorted(compareBounds);
    const [readActiveTo] = snapshots
      .flatMap((each) => (isResume(each) && each.unnamed?.newest ? [each.watchedFrom] : []))
      .toSorted(compareBounds);
    if (isFull) livelyFrom = { key: keyAt(startedAt - STALE_MS), id: '' };
    let isPaid = true;
    const pay = async (requests: number): Promise<boolean> => (isPaid &&= await payFor(requests));
    // The account pays only for reading back beyond the poller's last watermark.
    const lastWatermark = latest?.watermark;
    const mayReadOn = async (oldest: Position): Promise<boolean> =>
      (lastWatermark !== undefined && compareBounds(oldest, lastWatermark) > 0) || pay(1);
    const hold = (bytes: number): void => {
      if (!rows.add(bytes)) throw heldTooMuch();
    };
    const bounds = { readTo, readActiveTo, watchedBefore: latest?.watchedFrom ?? null, livelyFrom };
    const observation = await observe({ runs, filter, mayReadOn, hold, isFull, ...bounds });
    stopped.forget(polledAt, (id) => observation.byId.has(id));
    const watched = latest?.fingerprints ?? new Map();
    const found = await lookUpUnread(observation, {
      runs,
      startedAt,
      polledAt,
      watched,
      stopped,
      snapshots,
      pay,
    });
    const findings: Findings = { ...found, isShown: (run) => isSelected(run, selection) };
    const after = latestOf(findings, watched, (id) => stopped.has(id, polledAt));
    const hasChanged = latest !== undefined && changesSince(latest, findings).length > 0;
    const lost = new Map<ListReader, Error>();
    const unserved = new Set(isDue ? [] : readers.flatMap(({ batch }) => batch ?? []));
    let bytes = unserved.values().reduce((sum, batch) => sum + batch.bytes, 0);
    for (const { from = after, group } of bySnapshot(served)) {
      const next = readerFrom(from, after, findings, key);
      const more = next === undefined ? 0 : bytesOf(next);
      const fits = kept.set(bytes + more);
      if (fits) bytes += more;
      for (const reader of group) {
        if (!fits) lost.set(reader, heldTooMuch());
        else if (next !== undefined) Object.assign(reader, next);
        else if (isPaid) lost.set(reader, tooFarBehind());
      }
    }
    latest = after;
    newestRead = newestNow;
    const isLively = findings.rows.some((run) => isActive(run) && isAfter(run, livelyFrom));
    const isBusy = hasChanged || isLively || found.hasLookedUp || stopped.isBusy(polledAt);
    if (isBusy) busyAt = polledAt;
    if (isDue) fullAt = polledAt;
    return { isBusy, lost };
  };

  return {
    hasEnded: false,
    next: readNext,
    cursorOf(reader) {
      const snapshot = snapshotOf(reader);
      if (isResume(snapshot)) return snapshot.after;
      return snapshot && encodeSnapshot(snapshot, key);
    },
    poll(readers) {
      const rows = kept.open();
      return poll(readers, rows).finally(() => rows.release());
    },
  };
}

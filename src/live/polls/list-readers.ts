import { Batch, type ListEvent } from '../events/batch.ts';
import { changesSince, type Findings } from '../events/changes.ts';
import { behindStart } from '../events/latest.ts';
import { compareBounds, type Snapshot } from '../snapshots/snapshot.ts';
import { tooFarBehind } from '../streams/errors.ts';
import { type Bill, MAX_LOOK_UP_REQUESTS, missingIn } from './look-ups.ts';

/** One reader of the events of a list. */
export interface ListReader {
  /** What it has seen; undefined for one that has only come, and begins with the current rows. */
  snapshot: Snapshot | undefined;
  /** The events that it reads, and how many it has read of them. */
  batch: Batch | undefined;
  read: number;
}

/** Returns what a reader has seen by now. */
export function snapshotOf({ snapshot, batch, read }: ListReader): Snapshot | undefined {
  return batch === undefined ? snapshot : batch.snapshotAfter(read);
}

/** Returns what each of these readers has seen by now, once. */
export function snapshotsOf(readers: Iterable<ListReader>): ReadonlySet<Snapshot> {
  return new Set(
    Iterator.from(readers)
      .map(snapshotOf)
      .filter((snapshot) => snapshot !== undefined),
  );
}

/** Returns the next event of a reader; undefined if it has read all that there is. */
export function readNext(reader: ListReader): { readonly event: ListEvent } | undefined {
  const { batch } = reader;
  const event = batch?.events[reader.read];
  if (batch === undefined || event === undefined) return undefined;
  reader.read += 1;
  if (reader.read === batch.events.length) {
    reader.snapshot = batch.to;
    reader.batch = undefined;
  }
  return { event };
}

/** One poll that is under way. */
export interface Poll {
  readonly startedAt: number;
  /** Whether all runs that are watched are read. */
  readonly isFull: boolean;
  /** Whether readers that have fallen behind and don't read are served as well. */
  readonly isForAll: boolean;
  readonly readers: Set<ListReader>;
  /** Those that can't go on, with why. */
  readonly lost: Map<ListReader, Error>;
  readonly bill: Bill;
  hasLookedUp: boolean;
}

interface Delivered {
  /** The snapshot of a reader that has read everything, before the poll and after it. */
  readonly before: Snapshot | undefined;
  readonly latest: Snapshot;
  readonly filterKey: string;
}

/**
 * Gives readers the events that lead from what each has seen to what a poll has found; those that have seen
 * the same share one batch.
 */
export function deliver(
  { readers, lost, bill, isForAll }: Poll,
  findings: Findings,
  { before, latest, filterKey }: Delivered,
): void {
  const { refusal } = bill;
  const lose = (group: readonly ListReader[], reason: Error): void => {
    for (const reader of group) lost.set(reader, reason);
  };
  for (const [from, group] of Map.groupBy(readers, snapshotOf)) {
    if (from === undefined) {
      for (const reader of group) reader.snapshot = latest;
      continue;
    }
    // They have read on meanwhile, and are given the rest by a full poll.
    if (!findings.isFull && from.slow !== before?.slow) continue;
    // There may be runs after what they have seen that were not read.
    if (compareBounds(from.watermark, findings.floor) < 0) {
      const losesAll = isForAll && !refusal;
      lose(losesAll ? group : group.filter(({ batch }) => !batch), refusal ?? tooFarBehind());
      continue;
    }
    const { requests, free } = bill.costOf(missingIn(from, findings));
    if (requests > MAX_LOOK_UP_REQUESTS) lose(group, tooFarBehind());
    else if (requests > free && refusal) lose(group, refusal);
    // Otherwise it is their turn in a later poll.
    if (requests > 0) continue;
    const next = nextOf(from, findings, latest, filterKey);
    for (const reader of group) Object.assign(reader, next, { read: 0 });
  }
}

/** What readers have that have seen a snapshot, once a poll has found the latest one. */
function nextOf(
  from: Snapshot,
  findings: Findings,
  latest: Snapshot,
  filterKey: string,
): Pick<ListReader, 'snapshot' | 'batch'> {
  const changes = changesSince(from, findings);
  const to = behindStart(latest, from, changes, findings);
  if (changes.length === 0) return { snapshot: to, batch: undefined };
  return { snapshot: from, batch: new Batch({ from, to, changes, observation: findings, filterKey }) };
}

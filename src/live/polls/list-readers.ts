import { Batch, type ListEvent } from '../events/batch.ts';
import { changesSince } from '../events/changes.ts';
import { behindStart } from '../events/latest.ts';
import { compareBounds, type Snapshot } from '../snapshots/snapshot.ts';
import { tooFarBehind } from '../streams/errors.ts';
import { type Bill, type LookUpFindings, type LookUps, lookUpsOf, MAX_LOOK_UP_REQUESTS } from './look-ups.ts';

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
  if (batch === undefined) return undefined;
  const event = batch.event(reader.read);
  reader.read += 1;
  if (reader.read === batch.size) {
    reader.snapshot = batch.to;
    reader.batch = undefined;
  }
  return { event };
}

export interface Delivery {
  readonly findings: LookUpFindings;
  /** The snapshot of a reader that has read everything, before the poll and after it. */
  readonly before: Snapshot | undefined;
  readonly latest: Snapshot;
  readonly filterKey: string;
  readonly bill: Bill;
  /** Whether readers that have fallen behind and don't read are served as well. */
  readonly isForAll: boolean;
}

/**
 * Gives readers the events that lead from what each has seen to what a poll has found; those that have seen
 * the same share one batch.
 *
 * @param lost takes those that can't go on, with why
 */
export function deliver(
  readers: Iterable<ListReader>,
  delivery: Delivery,
  lost: Map<ListReader, Error>,
): void {
  const { findings, before, latest, filterKey, bill, isForAll } = delivery;
  const { refusal } = bill;
  const shared = new Map<Snapshot, Pick<ListReader, 'snapshot' | 'batch'>>();
  const lookUps = new Map<Snapshot, LookUps>();
  for (const reader of readers) {
    const from = snapshotOf(reader);
    if (from === undefined) {
      reader.snapshot = latest;
      continue;
    }
    // It has read on meanwhile, and is given the rest by a full poll.
    if (!findings.isFull && from.slow !== before?.slow) continue;
    // There may be runs after what it has seen that were not read.
    if (compareBounds(from.watermark, findings.floor) < 0) {
      if (reader.batch === undefined || (isForAll && !refusal)) lost.set(reader, refusal ?? tooFarBehind());
      continue;
    }
    const needed = lookUps.get(from) ?? lookUpsOf(from, findings, before);
    lookUps.set(from, needed);
    const { requests, free } = needed;
    if (requests > MAX_LOOK_UP_REQUESTS) lost.set(reader, tooFarBehind());
    else if (requests > free && refusal) lost.set(reader, refusal);
    // Otherwise it is its turn in a later poll.
    if (requests > 0) continue;
    const next = shared.get(from) ?? nextOf(from, findings, latest, filterKey);
    shared.set(from, next);
    Object.assign(reader, next, { read: 0 });
  }
}

function nextOf(from: Snapshot, findings: LookUpFindings, latest: Snapshot, filterKey: string) {
  const changes = changesSince(from, findings);
  const to = behindStart(latest, from, changes, findings);
  if (changes.length === 0) return { snapshot: to, batch: undefined };
  return { snapshot: from, batch: new Batch({ from, to, changes, observation: findings, filterKey }) };
}

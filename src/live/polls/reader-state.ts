import { advanced, withUnnamedRuns } from '../snapshots/advance.ts';
import { changesSince, type Findings } from '../snapshots/changes.ts';
import { type Batch, createBatch, type ListEvent } from '../snapshots/event-batch.ts';
import { compareBounds, type Resume, type Snapshot } from '../snapshots/snapshot.ts';

/** One reader of the events of a list. */
export interface ListReader {
  /** What the reader has received; undefined for a new reader, which begins with the current rows. */
  snapshot: Snapshot | Resume | undefined;
  /** The events that the reader reads at present, and how many of them it has read. */
  batch: Batch | undefined;
  read: number;
}

/** Whether a reader goes on from a cursor to which no poll has added the unnamed runs yet. */
export function isResume(snapshot: Snapshot | Resume | undefined): snapshot is Resume {
  return snapshot !== undefined && 'after' in snapshot;
}

/** Returns what a reader has received. */
export function snapshotOf({ snapshot, batch, read }: ListReader): Snapshot | Resume | undefined {
  return batch === undefined ? snapshot : batch.snapshotAfter(read);
}

/** Bytes of memory for a fingerprint with its id and position. */
const BYTES_PER_FINGERPRINT = 200;

/** Estimates the memory of what is kept for a reader, which other readers may share. */
export function bytesOf({ snapshot, batch }: Pick<ListReader, 'snapshot' | 'batch'>): number {
  return (batch?.bytes ?? 0) + (snapshot?.fingerprints.size ?? 0) * BYTES_PER_FINGERPRINT;
}

/** Groups readers by what they have received; undefined for new readers. */
export function bySnapshot(readers: Iterable<ListReader>) {
  const groups = Map.groupBy(readers, (reader) => {
    const from = snapshotOf(reader);
    return isResume(from) ? from.after : from;
  });
  return [...groups.values()].map((group) => ({ from: group[0] && snapshotOf(group[0]), group }));
}

/** Returns the next event of a reader; undefined if it has read all events. */
export function readNext(reader: ListReader): { readonly event: ListEvent } | undefined {
  const { batch } = reader;
  const event = batch?.events[reader.read];
  if (batch === undefined || event === undefined) return undefined;
  reader.read += 1;
  if (reader.read === batch.events.length) {
    reader.snapshot = batch.snapshotAfter(reader.read);
    reader.batch = undefined;
  }
  return { event };
}

/**
 * Returns the state of a reader after a poll.
 *
 * @param from what the reader has received
 * @param latest the snapshot of a reader that has the whole list
 * @param key of the list
 * @returns undefined if too much has changed for the reader
 */
export function readerFrom(
  from: Snapshot | Resume,
  latest: Snapshot,
  findings: Findings,
  key: string,
): ListReader | undefined {
  // The poll didn't read back to the runs that the reader has received.
  if (compareBounds(from.watermark, findings.completeFrom) < 0) return undefined;
  const start = isResume(from) ? withUnnamedRuns(from, latest, findings) : from;
  if (start === undefined) return undefined;
  const changes = start === latest ? [] : changesSince(start, findings);
  const to = start === latest ? latest : advanced(start, latest, findings);
  if (changes.length === 0) return { snapshot: to, batch: undefined, read: 0 };
  return { snapshot: start, batch: createBatch(start, to, changes, findings, key), read: 0 };
}

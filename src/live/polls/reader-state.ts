import { advanced, snapshotOf } from '../snapshots/advance.ts';
import { changesSince, type Findings } from '../snapshots/changes.ts';
import { type Batch, createBatch, type ListEvent } from '../snapshots/event-batch.ts';
import {
  compareBounds,
  fingerprintsOf,
  isResume,
  type Received,
  type Snapshot,
} from '../snapshots/snapshot.ts';

/** One reader of the events of a list. */
export interface ListReader {
  /** What the reader has received before its batch; undefined for a new reader, which begins with the current rows. */
  received: Received | undefined;
  /** The events that the reader reads at present, and how many of them it has read. */
  batch: Batch | undefined;
  read: number;
}

export function receivedBy({ received, batch, read }: ListReader): Received | undefined {
  return batch === undefined ? received : batch.snapshotAfter(read);
}

/** Bytes of memory for a fingerprint with its id and position. */
const BYTES_PER_FINGERPRINT = 200;

/** Estimates the memory of what is kept for a reader, which other readers may share. */
export function bytesOf({ received, batch }: ListReader): number {
  const count = received === undefined ? 0 : fingerprintsOf(received).size;
  return (batch?.bytes ?? 0) + count * BYTES_PER_FINGERPRINT;
}

/** Groups readers by what they have received; undefined for new readers. */
export function bySnapshot(readers: Iterable<ListReader>) {
  const groups = Map.groupBy(readers, (reader) => {
    const from = receivedBy(reader);
    return isResume(from) ? from.after : from;
  });
  return [...groups.values()].map((group) => ({ from: group[0] && receivedBy(group[0]), group }));
}

/** Returns the next event of a reader; undefined if it has read all events. */
export function readNext(reader: ListReader): { readonly event: ListEvent } | undefined {
  const { batch } = reader;
  const event = batch?.events[reader.read];
  if (batch === undefined || event === undefined) return undefined;
  reader.read += 1;
  if (reader.read === batch.events.length) {
    reader.received = batch.snapshotAfter(reader.read);
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
  from: Received,
  latest: Snapshot,
  findings: Findings,
  key: string,
): ListReader | undefined {
  // The poll didn't read back to the runs that the reader has received.
  if (compareBounds(from.watermark, findings.completeFrom) < 0) return undefined;
  const start = isResume(from) ? snapshotOf(from, latest, findings) : from;
  if (start === undefined) return undefined;
  const changes = start === latest ? [] : changesSince(start, findings);
  const to = start === latest ? latest : advanced(start, latest, findings);
  if (changes.length === 0) return { received: to, batch: undefined, read: 0 };
  return { received: start, batch: createBatch(start, to, changes, findings, key), read: 0 };
}

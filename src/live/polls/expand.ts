import { setImmediate as nextTurn } from 'node:timers/promises';
import { decodeRuns } from '../snapshots/erasure-code.ts';
import { isCompact } from '../snapshots/hex.ts';
import { fingerprintsOf } from '../snapshots/lookup-table.ts';
import { type Fingerprint, fingerprintOf, isAfter, type Snapshot } from '../snapshots/snapshot.ts';
import type { ListReader } from './list-readers.ts';
import type { Membership } from './membership.ts';
import { isWatched, type Observation } from './observation.ts';

/** Milliseconds of work from which on others get their turn. */
const PIECE_MS = 10;

/** Whether all runs of a snapshot are known, and not only what a cursor has of them. */
export function isWhole({ table, coded }: Snapshot): boolean {
  return table === undefined && coded === undefined;
}

/**
 * Completes the snapshots of readers that come with a cursor, in pieces: very many long cursors take seconds.
 *
 * @param observation a full one
 * @param now the time in milliseconds
 * @returns the readers of whose runs too many have changed or are no longer there
 */
export async function expand(
  readers: Iterable<ListReader>,
  observation: Observation,
  membership: Membership,
  now: () => number,
): Promise<readonly ListReader[]> {
  const lost: ListReader[] = [];
  let since = now();
  for (const reader of readers) {
    if (reader.batch !== undefined || reader.snapshot === undefined || isWhole(reader.snapshot)) continue;
    if (now() - since >= PIECE_MS) {
      await nextTurn();
      since = now();
    }
    const snapshot = whole(reader.snapshot, observation, membership);
    if (snapshot === undefined) lost.push(reader);
    else reader.snapshot = snapshot;
  }
  return lost;
}

/** Returns a snapshot with the runs of which a cursor has only a table or a code; undefined if that isn't possible. */
function whole(snapshot: Snapshot, observation: Observation, membership: Membership): Snapshot | undefined {
  const { table, coded, watermark } = snapshot;
  const decoded = coded && decodeRuns(coded, observation.byId.keys().filter(isCompact));
  if (coded !== undefined && decoded === undefined) return undefined;
  const known = decoded === undefined ? snapshot.known : new Map([...snapshot.known, ...decoded]);
  if (table === undefined) return { ...snapshot, known, coded: undefined };
  const now = new Map<string, Fingerprint>();
  for (const run of observation.rows) {
    if (isAfter(run, watermark)) break;
    if (!known.has(run.id) && isWatched(run, observation))
      now.set(run.id, fingerprintOf(run, membership.isShown(run)));
  }
  const slow = fingerprintsOf(table, now);
  return slow && { ...snapshot, known, slow, table: undefined, coded: undefined };
}

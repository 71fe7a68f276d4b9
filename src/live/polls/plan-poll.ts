import type { Position } from '../../lists/position.ts';
import { isResume, type Received, type Snapshot } from '../snapshots/snapshot.ts';
import { keyAt } from './observe.ts';
import { bySnapshot, type ListReader } from './reader-state.ts';

/** Milliseconds between polls that serve all readers, also those with unread events, and read all watched runs. */
const SERVE_ALL_MS = 15_000;
/** Milliseconds after its creation from which an active run is no longer expected to change at any moment. */
const STALE_MS = 3_600_000;
/** Milliseconds without a change after which only the newest run is read until all readers are served. */
const QUIET_MS = 10_000;

/** What is known of a list between two polls. Times are by `performance.now()`, which never steps back. */
export interface ListState {
  /** The snapshot of a reader that has read everything; undefined before the first poll. */
  latest: Snapshot | undefined;
  servedAllAt: number;
  busyAt: number;
  /** The position before which an active run is not expected to change at any moment. */
  livelyFrom: Position;
  /** The digest of the newest run of the caller when this list was last read. */
  newestDigest: string | null | undefined;
}

/** What one poll does, and for whom. */
export interface Poll {
  /** When the poll began: by `Date.now()`, and by `performance.now()`. */
  readonly startedAt: number;
  readonly polledAt: number;
  /** Whether readers with unread events are served, too: they get fewer events, of later states. */
  readonly servesAll: boolean;
  readonly served: readonly ListReader[];
  /** The events that the other readers are reading, whose memory still counts. */
  readonly unserved: ReadonlySet<{ readonly bytes: number }>;
  /** What the served readers have received. */
  readonly received: readonly Received[];
  /** Whether all watched runs are read; otherwise only those after `livelyFrom`. */
  readonly isFull: boolean;
  readonly livelyFrom: Position;
  /** Whether the list is read only if the caller has a new run. */
  readonly isIdle: boolean;
}

/** Returns the position before which an active run is not expected to change at any moment. */
export function livelyFrom(now: number): Position {
  return { key: keyAt(now - STALE_MS), id: '' };
}

/** Decides what a poll does for its readers. */
export function planPoll(readers: readonly ListReader[], state: ListState): Poll {
  const [startedAt, polledAt] = [Date.now(), performance.now()];
  const servesAll = polledAt - state.servedAllAt >= SERVE_ALL_MS;
  const isFull = servesAll || readers.some(({ received }) => isResume(received));
  const isQuiet = polledAt - state.busyAt >= QUIET_MS;
  const served = readers.filter(({ batch }) => batch === undefined || servesAll);
  return {
    startedAt,
    polledAt,
    servesAll,
    served,
    unserved: new Set(servesAll ? [] : readers.flatMap(({ batch }) => batch ?? [])),
    received: bySnapshot(served).flatMap(({ from }) => from ?? []),
    isFull,
    livelyFrom: isFull ? livelyFrom(startedAt) : state.livelyFrom,
    isIdle: isQuiet && !isFull && readers.every(({ received }) => received !== undefined),
  };
}

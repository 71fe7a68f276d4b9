import { expect, it } from 'vitest';
import { changesSince } from '../../../src/live/snapshots/changes.ts';
import { createBatch } from '../../../src/live/snapshots/event-batch.ts';
import type { Fingerprint } from '../../../src/live/snapshots/snapshot.ts';
import { positionOf } from '../../../src/runs/run.ts';
import { decodeRun } from '../../../src/upstream/letta/decode/decode-runs.ts';
import { runAt } from '../../support/live-runs.ts';

/** Counts how often a run is looked for: by the id of an event, and of a row. */
class CountedFingerprints extends Map<string, Fingerprint> {
  visits = 0;

  override get(id: string): Fingerprint | undefined {
    this.visits += 1;
    return super.get(id);
  }
}

it('The cursor of each of 4,900 events visits one run, also for readers at different events', () => {
  const rows = Array.from({ length: 4900 }, (_, index) => decodeRun(runAt(index, index / 10)));
  const [first] = rows;
  if (first === undefined) throw new Error('There are no rows');
  const findings = {
    rows,
    byId: new Map(rows.map((run) => [run.id, run])),
    completeFrom: null,
    isFull: true,
    livelyFrom: positionOf(first),
    watchedFrom: null,
    unwatched: new Map(),
    hasLookedUp: false,
    isShown: () => true,
  };
  const from = { watermark: null, watchedFrom: null, fingerprints: new Map() };
  const received = new CountedFingerprints();
  const to = { watermark: positionOf(rows.at(-1) ?? first), watchedFrom: null, fingerprints: received };
  const changes = changesSince(from, findings);
  const { events } = createBatch(from, to, changes, findings, 'all');
  const visitsOf = (index: number): number => {
    const before = received.visits;
    expect(events[index]?.cursor).toEqual(expect.any(String));
    return received.visits - before;
  };
  // One reader is 1,000 events ahead of the other. The very last event ends in the snapshot of the poll.
  const visits = events.slice(0, 3900).map((_, index) => [visitsOf(index + 1000), visitsOf(index)]);
  expect(visits.slice(1, -1).filter(([ahead, behind]) => ahead !== 2 || behind !== 2)).toEqual([]);
});

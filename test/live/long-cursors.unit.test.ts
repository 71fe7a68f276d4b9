import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSnapshot, type ListEvent } from '../../src/live/index.ts';
import { ListPoller } from '../../src/live/polls/list-poller.ts';
import type { ListReader } from '../../src/live/polls/list-readers.ts';
import { NewestRun } from '../../src/live/polls/newest-run.ts';
import { encodeSnapshot } from '../../src/live/snapshots/cursor.ts';
import { codeRuns, decodeRuns } from '../../src/live/snapshots/erasure-code.ts';
import type { Snapshot, Fingerprint } from '../../src/live/snapshots/snapshot.ts';
import { createLiveStore, type LiveStore, runWith } from '../support/live-store.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { seededRandom } from '../support/seeded-random.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
/** Of GET, in nginx and many others. */
const MAX_URL = 8_192;

function uuid(random: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16));
  for (const at of [8, 13, 18, 23]) hex.splice(at, 0, '-');
  return hex.join('');
}

function fingerprints(count: number, random: () => number): Map<string, Fingerprint> {
  return new Map(
    Array.from({ length: count }, () => [
      `run-${uuid(random)}`,
      { digest: Math.floor(random() * 2 ** 32), isLate: false, isShown: random() < 0.5 },
    ]),
  );
}

const snapshot = (known: Map<string, Fingerprint>, fields: Partial<Snapshot> = {}): Snapshot => {
  const position = { key: '2025-12-31T23:59:59.999999', id: [...known.keys()][0] ?? '' };
  return { start: position, watermark: position, known, slow: new Map(), ...fields };
};

const GET =
  'subscription RunsAsTheyChange($after:String){__typename runEvents(after:$after){__typename kind runId run{__typename id status stopReason createdAt agent{__typename id name}}cursor}}';

it('A GET that goes on from a cursor with 500 active runs fits into 8 KiB', () => {
  const after = encodeSnapshot(snapshot(fingerprints(500, seededRandom(1))), 'key');
  const url = new URL('http://gateway.example.com/graphql');
  url.searchParams.set('query', GET);
  url.searchParams.set('operationName', 'RunsAsTheyChange');
  url.searchParams.set('variables', JSON.stringify({ after }));
  expect(url.href.length).toBeLessThan(MAX_URL);
});

it('Many runs come back from their code, although up to 80 of them are found no more', () => {
  fc.assert(
    fc.property(
      fc.noShrink(fc.integer()),
      fc.integer({ min: 97, max: 700 }),
      fc.nat(80),
      (seed, count, gone) => {
        const random = seededRandom(seed);
        const runs = fingerprints(count, random);
        const coded = codeRuns(runs) ?? expect.unreachable();
        const found = [...runs.keys()].filter(
          (_, index) => index % Math.ceil(count / 80) !== 0 || index > gone,
        );
        // As good as never, another run has the same key.
        const keys = new Set([...runs.keys()].map((id) => id.slice(-8)));
        const others = [...fingerprints(300, random).keys()].filter((id) => !keys.has(id.slice(-8)));
        const decoded = decodeRuns(coded, [...others, ...found]);
        expect(new Map(decoded)).toEqual(runs);
      },
    ),
    { numRuns: propertyRuns(60) },
  );
});

it('A code of which too many runs are gone, or others seem to be there, gives nothing', () => {
  const random = seededRandom(3);
  const runs = fingerprints(400, random);
  const coded = codeRuns(runs) ?? expect.unreachable();
  const ids = [...runs.keys()];
  for (const gone of [97, 150, 400]) expect(decodeRuns(coded, ids.slice(gone))).toBeUndefined();
  // Runs with the keys of those that are gone.
  const same = ids.slice(0, 3).map((id) => `run-${uuid(random).slice(0, -8)}${id.slice(-8)}`);
  expect(decodeRuns(coded, [...ids.slice(3), ...same])).toBeUndefined();
  expect(decodeRuns(coded, [...ids, ...same])).toBeUndefined();
});

it('Runs that can not be told apart by their keys are named', () => {
  const random = seededRandom(4);
  const runs = fingerprints(200, random);
  const [first = ''] = runs.keys();
  runs.set(`run-${uuid(random).slice(0, -8)}${first.slice(-8)}`, { digest: 1, isLate: false, isShown: true });
  expect(codeRuns(runs)).toBeUndefined();
  const decoded = decodeSnapshot(encodeSnapshot(snapshot(runs), 'key'), 'key');
  expect(decoded).toMatchObject({ coded: undefined, known: runs });
});

it('A cursor with coded runs is the same when it is encoded again, and whatever is changed in it is noticed', () => {
  fc.assert(
    fc.property(fc.noShrink(fc.integer()), fc.nat(), (seed, at) => {
      const random = seededRandom(seed);
      const late = [...fingerprints(5, random)].map(
        ([id, fingerprint]) => [id, { ...fingerprint, isLate: true }] as const,
      );
      const known = new Map([...late, ...fingerprints(150, random)]);
      const cursor = encodeSnapshot(snapshot(known, { slow: fingerprints(40, random) }), 'key');
      const decoded = decodeSnapshot(cursor, 'key');
      if (typeof decoded !== 'object') throw new Error(decoded);
      expect(decoded.known).toEqual(new Map(late));
      expect(encodeSnapshot(decoded, 'key')).toBe(cursor);
      const place = at % cursor.length;
      const changed = `${cursor.slice(0, place)}${cursor[place] === 'A' ? 'B' : 'A'}${cursor.slice(place + 1)}`;
      expect(decodeSnapshot(changed, 'key')).toBe('malformed');
    }),
    { numRuns: propertyRuns(60) },
  );
});

/** @param msPerLook milliseconds that are over whenever the poller looks at the clock */
function createPoller(store: LiveStore, msPerLook = 0) {
  const clock = { now: NOW };
  const poller = new ListPoller({
    open: () => store.source,
    selection: { filter: {}, window: {} },
    key: '',
    now: () => (clock.now += msPerLook),
    newest: new NewestRun(),
    idleMs: 2000,
  });
  const readers = new Set<ListReader>();
  return {
    clock,
    reader(cursor?: string): ListReader {
      const from = cursor === undefined ? undefined : decodeSnapshot(cursor, '');
      if (typeof from === 'string') return expect.unreachable(from);
      const reader = { snapshot: from, batch: undefined, read: 0 };
      readers.add(reader);
      return reader;
    },
    poll: () => poller.poll(readers),
    cursorOf: (reader: ListReader) => poller.cursorOf(reader) ?? '',
    readAll(reader: ListReader): ListEvent[] {
      const events: ListEvent[] = [];
      for (let next = poller.next(reader); next !== undefined; next = poller.next(reader))
        events.push(next.event);
      return events;
    },
  };
}

it('While very many clients come back with long cursors, others get their turn', async () => {
  const store = createLiveStore();
  const runs = fingerprints(100, seededRandom(3));
  for (const id of runs.keys())
    store.runs.set(id, runWith({ id, created_at: '2025-12-31T23:30:00Z', status: 'running' }));
  const cursor = encodeSnapshot(snapshot(runs), '');
  const live = createPoller(store, 10);
  const readers = Array.from({ length: 50 }, () => live.reader(cursor));
  /** How many of them were served whenever others had their turn. */
  const served = new Set<number>();
  let isOver = false;
  const look = (): void => {
    served.add(readers.filter((reader) => reader.snapshot?.coded === undefined).length);
    if (!isOver) setImmediate(look);
  };
  look();
  const { lost } = await live.poll();
  isOver = true;
  expect(lost.size).toBe(0);
  expect(served.size).toBeGreaterThan(40);
});

describe('A client with 500 active runs that comes back', () => {
  const start = async () => {
    const store = createLiveStore();
    const random = seededRandom(5);
    const runs = Array.from({ length: 500 }, (_, index) => {
      const created = new Date(NOW - 1_800_000 + index * 3000).toISOString();
      const run = runWith({ id: `run-${uuid(random)}`, created_at: created, status: 'running' });
      store.runs.set(run.id, run);
      return run;
    });
    const first = createPoller(store);
    const reader = first.reader();
    await first.poll();
    return { store, runs, cursor: first.cursorOf(reader) };
  };

  it('is told exactly what has changed: runs that ended, changed, are gone and are new', async () => {
    const { store, runs, cursor } = await start();
    expect(cursor.length).toBeLessThan(7_200);
    const ended = runs.filter((_, index) => index % 10 === 0);
    const gone = runs.filter((_, index) => index % 50 === 1);
    const changed = runs.filter((_, index) => index % 50 === 2);
    for (const run of ended) store.runs.set(run.id, { ...run, status: 'completed', totalDurationNs: 5 });
    for (const run of gone) store.runs.delete(run.id);
    for (const run of changed) store.runs.set(run.id, { ...run, metadata: { changed: true } });
    const added = runWith({ id: `run-${uuid(seededRandom(6))}`, created_at: new Date(NOW).toISOString() });
    store.runs.set(added.id, added);
    // By another replica.
    const second = createPoller(store);
    const reader = second.reader(cursor);
    const { lost } = await second.poll();
    expect([...lost.values()]).toEqual([]);
    const told = second.readAll(reader).map(({ kind, id }) => `${kind} ${id}`);
    expect(told.toSorted()).toEqual(
      [
        ...ended.map(({ id }) => `UPDATED ${id}`),
        ...gone.map(({ id }) => `REMOVED ${id}`),
        ...changed.map(({ id }) => `UPDATED ${id}`),
        `ADDED ${added.id}`,
      ].toSorted(),
    );
    await second.poll();
    expect(second.readAll(reader)).toEqual([]);
  });

  it('goes on from the middle of what it was told', async () => {
    const { store, runs, cursor } = await start();
    for (const run of runs.slice(0, 40)) store.runs.set(run.id, { ...run, metadata: { changed: true } });
    const second = createPoller(store);
    const reader = second.reader(cursor);
    await second.poll();
    const told = second.readAll(reader);
    expect(told).toHaveLength(40);
    const third = createPoller(store);
    const again = third.reader(told[14]?.cursor);
    await third.poll();
    expect(third.readAll(again).map(({ id }) => id)).toEqual(told.slice(15).map(({ id }) => id));
  });

  it('is told to begin anew if too many have ended', async () => {
    const { store, runs, cursor } = await start();
    for (const run of runs.slice(0, 120)) store.runs.set(run.id, { ...run, status: 'failed' });
    const second = createPoller(store);
    const reader = second.reader(cursor);
    const { lost } = await second.poll();
    expect(lost.get(reader)).toMatchObject({ code: 'CURSOR_TOO_OLD' });
  });
});

import { expect, it } from 'vitest';
import { decodeSnapshot, type ListEvent, snapshotBehind } from '../../src/live/index.ts';
import { ListPoller } from '../../src/live/polls/list-poller.ts';
import type { ListReader } from '../../src/live/polls/list-readers.ts';
import { NewestRun } from '../../src/live/polls/newest-run.ts';
import { positionOf } from '../../src/runs/position.ts';
import type { RunFilter } from '../../src/runs/run-filters.ts';
import type { RunWindow } from '../../src/runs/run-window.ts';
import type { Run } from '../../src/runs/run.ts';
import { createLiveStore, type LiveStore, runWith } from '../support/live-store.ts';

const CREATED = '2025-01-01T00:00:00Z';
const START = Date.parse('2026-01-01T00:00:00Z');

function createPoller(store: LiveStore, filter: RunFilter = {}, window: RunWindow = {}) {
  const clock = { now: START };
  const poller = new ListPoller({
    open: () => store.source,
    selection: { filter, window },
    key: '',
    now: () => clock.now,
    newest: new NewestRun(),
    idleMs: 2000,
  });
  const readers = new Set<ListReader>();
  return {
    clock,
    reader(snapshot?: ListReader['snapshot'], isPatient = true): ListReader {
      const reader = { snapshot, batch: undefined, read: 0 };
      if (isPatient) readers.add(reader);
      return reader;
    },
    poll: () => poller.poll(readers),
    readAll(reader: ListReader): ListEvent[] {
      const events: ListEvent[] = [];
      for (let next = poller.next(reader); next !== undefined; next = poller.next(reader)) {
        events.push(next.event);
      }
      return events;
    },
  };
}

/** Adds a run, some seconds after the start. */
function add(store: LiveStore, seconds: number, fields: Readonly<Record<string, unknown>> = {}): Run {
  const created = new Date(START + seconds * 1000).toISOString();
  const ended = { status: 'completed', completed_at: created, total_duration_ns: 5 };
  const run = runWith({ created_at: created, ...(fields['status'] === undefined && ended), ...fields });
  store.runs.set(run.id, run);
  return run;
}

/** Adds a run, and so many newer ones that the list isn't read back to it. */
function addOld(store: LiveStore, fields: Readonly<Record<string, unknown>> = {}): Run {
  const run = add(store, 0, fields);
  for (let index = 1; index <= 300; index++) add(store, index);
  return run;
}

const told = (events: readonly ListEvent[]) => events.map(({ kind, id }) => `${kind} ${id}`);
const forgedIds = (count: number, name: string) =>
  new Map(
    Array.from({ length: count }, (_, index) => [
      `run-${name}${String(index).padStart(6, '0')}-0000-4000-8000-000000000000`,
      { digest: 1, isLate: false, isShown: true },
    ]),
  );

it('A position that is made up, or the newest run, is of no effect on those who begin beside it', async () => {
  for (const forged of ['9999-12-31T00:00:00.000000', '2026-01-01T00:00:20.000000']) {
    const store = createLiveStore();
    for (let index = 0; index <= 200; index++) add(store, index / 10);
    const live = createPoller(store);
    live.reader(snapshotBehind({ key: forged, id: 'run-ffffffff' }));
    const other = live.reader();
    await live.poll();
    // One comes late, and one is deleted.
    const late = add(store, 15.05);
    const gone = [...store.runs.values()].find(({ createdInstant }) => createdInstant.includes(':12.5'));
    store.runs.delete(gone?.id ?? '');
    await live.poll();
    expect(told(live.readAll(other))).toEqual([`REMOVED ${gone?.id}`, `ADDED ${late.id}`]);
  }
});

it('Known runs that are made up cost only so many requests, once, and no other reader its events', async () => {
  const store = createLiveStore();
  const active = add(store, 0, { status: 'running' });
  for (let second = 1; second <= 30; second++) add(store, second);
  const live = createPoller(store);
  const other = live.reader();
  await live.poll();
  const watermark = positionOf(add(store, 30));
  const forgers = Array.from({ length: 5 }, (_, forger) =>
    live.reader({ ...snapshotBehind(watermark), known: forgedIds(140, `${forger}f`) }),
  );
  live.reader({ ...snapshotBehind(watermark), known: forgedIds(1500, 'ff') });
  store.runs.set(active.id, { ...active, status: 'failed' });
  store.asked.runs = 0;
  const { lost } = await live.poll();
  expect(told(live.readAll(other))).toContain(`UPDATED ${active.id}`);
  expect(lost.size).toBe(1);
  expect(store.asked.runs).toBeLessThanOrEqual(300);
  // None of them reads. All come to their turn, and cost nothing more.
  for (let poll = 0; poll < 20; poll++) await live.poll();
  expect(store.asked.runs).toBe(1 + 5 * 140);
  expect(forgers.map((forger) => live.readAll(forger).length)).toEqual([140, 140, 140, 140, 140]);
});

it.each([
  ['150 runs', 150, false],
  ['40 runs without a duration', 40, true],
  ['300 runs', 300, false],
])(
  'A cursor that is made up of %s that ended long ago costs 300 requests at most',
  async (_name, count, lacks) => {
    const store = createLiveStore();
    const known = new Map(
      Array.from({ length: count }, () => {
        const { id } = add(store, -1000, {
          status: 'failed',
          total_duration_ns: lacks ? null : 5,
          completed_at: CREATED,
        });
        return [id, { digest: 1, isLate: true, isShown: true }] as const;
      }),
    );
    const last = Array.from({ length: 300 }, (_, index) => add(store, index)).at(-1);
    const live = createPoller(store);
    const reader = live.reader(last && { ...snapshotBehind(positionOf(last)), known });
    for (let second = 0; second < 60; second++) {
      live.clock.now += 1000;
      await live.poll();
      live.readAll(reader);
    }
    expect(store.asked.runs + store.asked.metrics).toBeLessThanOrEqual(300);
  },
);

it('A reader that is far behind and slow is caught up with seldom, and misses nothing', async () => {
  const store = createLiveStore();
  const first = add(store, 0);
  for (let index = 1; index <= 3000; index++) add(store, index);
  const live = createPoller(store);
  const slow = live.reader(snapshotBehind(positionOf(first)));
  await live.poll();
  store.asked.lists = 0;
  for (let poll = 0; poll < 14; poll++) {
    live.clock.now += 1000;
    await live.poll();
  }
  // The active runs, and one page of new ones.
  expect(store.asked.lists).toBeLessThanOrEqual(2 * 14);
  const changed = add(store, 3001);
  const events = live.readAll(slow);
  live.clock.now += 1000;
  await live.poll();
  events.push(...live.readAll(slow));
  expect(events).toHaveLength(3001);
  expect(events.at(-1)?.id).toBe(changed.id);
  live.clock.now += 20_000;
  await live.poll();
  expect(live.readAll(slow)).toEqual([]);
});

it('Of more active runs than are watched none is told twice, and every cursor is accepted', async () => {
  const store = createLiveStore();
  const first = add(store, 0);
  for (let index = 1; index <= 2600; index++) add(store, index, { status: 'running' });
  const live = createPoller(store);
  const ready = live.reader();
  await live.poll();
  const behind = live.reader(snapshotBehind(positionOf(first)));
  await live.poll();
  expect(live.readAll(ready)).toEqual([]);
  const events = live.readAll(behind);
  expect(events).toHaveLength(2600);
  for (const { cursor } of events.slice(-3)) expect(decodeSnapshot(cursor, '')).toBeTypeOf('object');
  // Somebody is behind all the while, so that all are read.
  live.reader(snapshotBehind(positionOf(first)));
  await live.poll();
  await live.poll();
  expect(live.readAll(ready)).toEqual([]);
  expect(live.readAll(behind)).toEqual([]);
});

it('A run that appears long after newer ones, and has not ended, is added', async () => {
  const store = createLiveStore();
  addOld(store);
  const live = createPoller(store);
  const reader = live.reader();
  await live.poll();
  const late = add(store, 10, { status: 'running' });
  await live.poll();
  expect(told(live.readAll(reader))).toEqual([`ADDED ${late.id}`]);
});

it('A reader that is slow is told what became of a run that had ended and went on', async () => {
  const store = createLiveStore();
  const old = addOld(store);
  const live = createPoller(store);
  const slow = live.reader();
  await live.poll();
  store.runs.set(old.id, { ...old, status: 'running' });
  await live.poll();
  store.runs.set(old.id, { ...old, status: 'failed' });
  const added = add(store, 301);
  await live.poll();
  const events = live.readAll(slow);
  expect(told(events)).toEqual([`UPDATED ${old.id}`, `ADDED ${added.id}`]);
  expect(events[0]?.run?.status).toBe('failed');
});

it('A run that goes on while it is looked up is active, and told as such once', async () => {
  const store = createLiveStore();
  const run = addOld(store, { status: 'running' });
  const live = createPoller(store);
  const reader = live.reader();
  await live.poll();
  store.runs.set(run.id, { ...run, status: 'completed', totalDurationNs: 5 });
  let requests = 0;
  store.onRequest = () => {
    requests += 1;
    // The active runs and the list have been read.
    if (requests === 5) store.runs.set(run.id, { ...run, status: 'running', metadata: { again: true } });
  };
  await live.poll();
  expect(store.asked.runs).toBe(1);
  const events = live.readAll(reader);
  await live.poll();
  events.push(...live.readAll(reader));
  expect(told(events)).toEqual([`UPDATED ${run.id}`]);
});

it('What became of a run is looked up again after it went on', async () => {
  const store = createLiveStore();
  const run = addOld(store, { status: 'running' });
  const live = createPoller(store);
  const slow = live.reader();
  await live.poll();
  for (const status of ['completed', 'running', 'failed'] as const) {
    store.runs.set(run.id, { ...run, status });
    await live.poll();
  }
  const [event, ...others] = live.readAll(slow);
  expect([event?.run?.status, others]).toEqual(['failed', []]);
});

it('What a reader reads while runs are looked up for it is not told again', async () => {
  const store = createLiveStore();
  const run = addOld(store, { status: 'running' });
  const live = createPoller(store);
  const reader = live.reader();
  await live.poll();
  const added = add(store, 301, { status: 'running' });
  await live.poll();
  store.runs.set(run.id, { ...run, status: 'completed', totalDurationNs: 5 });
  const events: ListEvent[] = [];
  let requests = 0;
  store.onRequest = () => {
    requests += 1;
    if (requests === 5) events.push(...live.readAll(reader));
  };
  // The run that it reads of is gone by then: that has to be looked up as well.
  store.runs.delete(added.id);
  await live.poll();
  events.push(...live.readAll(reader));
  expect(told(events)).toEqual([`ADDED ${added.id}`, `REMOVED ${added.id}`, `UPDATED ${run.id}`]);
});

it('A run that does not match is not told until it does, and again when it ceases to', async () => {
  const store = createLiveStore();
  const run = add(store, 0, { status: 'running' });
  const live = createPoller(store, { statuses: ['completed'] });
  const reader = live.reader();
  await live.poll();
  for (const status of ['created', 'running', 'completed', 'completed', 'failed', 'failed'] as const) {
    store.runs.set(run.id, { ...run, status, metadata: { status } });
    await live.poll();
  }
  expect(live.readAll(reader)).toEqual([]);
  store.runs.set(run.id, { ...run, status: 'completed' });
  await live.poll();
  const events = live.readAll(reader);
  store.runs.set(run.id, { ...run, status: 'failed' });
  await live.poll();
  expect(told([...events, ...live.readAll(reader)])).toEqual([`ADDED ${run.id}`, `REMOVED ${run.id}`]);
});

it('A run whose metadata come to match is added, and removed when they no longer do', async () => {
  const store = createLiveStore();
  const run = add(store, 0, { status: 'running', metadata: { customer: 'one' } });
  const live = createPoller(store, {}, { metadata: [{ path: ['customer'], equals: 'two' }] });
  const reader = live.reader();
  await live.poll();
  const seen: string[][] = [];
  for (const metadata of [{ customer: 'two' }, { customer: 'two', note: 1 }, { customer: 'three' }, null]) {
    store.runs.set(run.id, { ...run, metadata });
    // One poll for each state.
    // oxlint-disable-next-line no-await-in-loop -- See above.
    await live.poll();
    seen.push(told(live.readAll(reader)));
  }
  expect(seen).toEqual([[`ADDED ${run.id}`], [`UPDATED ${run.id}`], [`REMOVED ${run.id}`], []]);
});

it('A run that ends is added where runs are excluded that have not', async () => {
  const store = createLiveStore();
  const run = add(store, 0, { status: 'running' });
  const live = createPoller(
    store,
    {},
    { notStatuses: ['created', 'running'], notStopReasons: ['cancelled'] },
  );
  const reader = live.reader();
  await live.poll();
  store.runs.set(run.id, { ...run, status: 'failed', stopReason: 'error' });
  await live.poll();
  const events = live.readAll(reader);
  store.runs.set(run.id, { ...run, status: 'cancelled', stopReason: 'cancelled' });
  await live.poll();
  expect(told([...events, ...live.readAll(reader)])).toEqual([`ADDED ${run.id}`, `REMOVED ${run.id}`]);
});

it('A run that waits for approval and goes on, long behind the newest, is removed and added', async () => {
  const store = createLiveStore();
  const run = addOld(store, { status: 'running' });
  const live = createPoller(store, { statuses: ['running'] });
  const reader = live.reader();
  await live.poll();
  const events: ListEvent[] = [];
  for (const fields of [
    { status: 'completed', stopReason: 'requires_approval', totalDurationNs: 3 },
    { status: 'running', stopReason: null },
  ]) {
    store.runs.set(run.id, { ...run, ...fields });
    live.clock.now += 16_000;
    await live.poll();
    events.push(...live.readAll(reader));
  }
  expect(told(events)).toEqual([`REMOVED ${run.id}`, `ADDED ${run.id}`]);
});

it('A run that is cancelled while it waits for approval is updated', async () => {
  const store = createLiveStore();
  const run = addOld(store, { status: 'completed', stop_reason: 'requires_approval', total_duration_ns: 3 });
  const live = createPoller(store);
  const reader = live.reader();
  await live.poll();
  store.runs.set(run.id, { ...run, status: 'cancelled', stopReason: 'cancelled', totalDurationNs: 9 });
  live.clock.now += 16_000;
  await live.poll();
  expect(told(live.readAll(reader))).toEqual([`UPDATED ${run.id}`]);
});

/** An old run that had stopped before, went on, and has just ended again; its duration is from before. */
async function endAgain(store: LiveStore, live: ReturnType<typeof createPoller>): Promise<Run> {
  const run = addOld(store, { status: 'running', completed_at: CREATED, total_duration_ns: 3 });
  await live.poll();
  store.runs.set(run.id, { ...run, status: 'failed' });
  await live.poll();
  return run;
}

it('A run that has stopped is watched again after each change', async () => {
  const store = createLiveStore();
  const live = createPoller(store);
  const reader = live.reader();
  const run = await endAgain(store, live);
  for (const totalDurationNs of [7, 8, 9]) {
    for (let second = 0; second < 12; second++) {
      live.clock.now += 1000;
      await live.poll();
    }
    live.readAll(reader);
    store.runs.set(run.id, { ...run, status: 'failed', totalDurationNs });
  }
  for (let second = 0; second < 60; second++) {
    live.clock.now += 1000;
    await live.poll();
  }
  expect(live.readAll(reader).map((event) => event.run?.totalDurationNs)).toEqual([9]);
  const asked = store.asked.runs;
  live.clock.now += 20_000;
  await live.poll();
  expect(store.asked.runs).toBe(asked);
});

it('A run that is deleted soon after it stopped is removed once, also for who comes back', async () => {
  const store = createLiveStore();
  addOld(store);
  const run = add(store, 301, { status: 'running' });
  const live = createPoller(store);
  const reader = live.reader();
  await live.poll();
  store.runs.set(run.id, { ...run, status: 'failed' });
  await live.poll();
  store.runs.delete(run.id);
  await live.poll();
  expect(told(live.readAll(reader))).toEqual([`REMOVED ${run.id}`]);
  for (let index = 0; index < 300; index++) add(store, 302 + index / 10);
  await live.poll();
  live.readAll(reader);
  add(store, 340);
  await live.poll();
  const cursor = live.readAll(reader).at(-1)?.cursor ?? '';
  const snapshot = decodeSnapshot(cursor, '');
  expect(typeof snapshot === 'string' || snapshot.known.has(run.id)).toBe(false);
});

it('A client that comes back while a run can still change is told what comes late', async () => {
  const store = createLiveStore();
  const live = createPoller(store);
  const reader = live.reader();
  const run = await endAgain(store, live);
  const cursor = live.readAll(reader).at(-1)?.cursor ?? '';
  const other = createPoller(store);
  const snapshot = decodeSnapshot(cursor, '');
  if (typeof snapshot === 'string') throw new Error(snapshot);
  const again = other.reader(snapshot);
  await other.poll();
  store.runs.set(run.id, { ...run, status: 'failed', totalDurationNs: 9 });
  for (let second = 0; second < 8; second++) {
    other.clock.now += 1000;
    await other.poll();
  }
  expect(told(other.readAll(again))).toEqual([`UPDATED ${run.id}`]);
});

it('Behind a run, only older runs that have not ended and match are told, each as added', async () => {
  const store = createLiveStore();
  const active = add(store, 0, { status: 'running' });
  const created = add(store, 1, { status: 'created' });
  const ended = add(store, 2);
  const last = add(store, 3, { total_duration_ns: null });
  const live = createPoller(store, { statuses: ['running', 'completed'] });
  const reader = live.reader(snapshotBehind(positionOf(last)));
  await live.poll();
  const events = live.readAll(reader);
  expect(told(events)).toEqual([`ADDED ${active.id}`]);
  // What it never had doesn't concern it; what comes to match does.
  store.runs.set(last.id, { ...last, totalDurationNs: 7 });
  store.runs.set(ended.id, { ...ended, status: 'failed' });
  store.runs.set(created.id, { ...created, status: 'failed' });
  await live.poll();
  expect(live.readAll(reader)).toEqual([]);
  store.runs.set(active.id, { ...active, status: 'failed' });
  await live.poll();
  expect(told(live.readAll(reader))).toEqual([`REMOVED ${active.id}`]);
});

it('Runs that hang are read less often than others', async () => {
  const store = createLiveStore();
  for (let index = 0; index < 650; index++) add(store, index - 10_000, { status: 'running' });
  add(store, 0, { status: 'running' });
  const live = createPoller(store);
  const reader = live.reader();
  await live.poll();
  store.asked.rows = 0;
  for (let poll = 0; poll < 10; poll++) {
    live.clock.now += 1000;
    await live.poll();
  }
  expect(store.asked.rows).toBeLessThan(10 * 100);
  add(store, 10);
  await live.poll();
  const [event] = live.readAll(reader);
  expect(event?.cursor.length).toBeLessThanOrEqual(1500);
  // Another process goes on from the cursor.
  const other = createPoller(store);
  const snapshot = decodeSnapshot(event?.cursor ?? '', '');
  if (typeof snapshot === 'string') throw new Error(snapshot);
  const [hung] = store.runs.values();
  if (hung !== undefined) store.runs.set(hung.id, { ...hung, status: 'failed' });
  const again = other.reader(snapshot);
  await other.poll();
  expect(told(other.readAll(again))).toEqual([`UPDATED ${hung?.id}`]);
});

it('Where lists show no durations, events show none either, also of runs that are looked up', async () => {
  const store = createLiveStore({ listsDurations: false });
  const runs = [1, 2, 3].map(() => add(store, 0, { status: 'running' }));
  const live = createPoller(store);
  const reader = live.reader();
  await live.poll();
  live.readAll(reader);
  const end = { status: 'completed', stopReason: 'end_turn', totalDurationNs: 7 };
  for (const run of runs) store.runs.set(run.id, { ...run, ...end });
  const events: ListEvent[] = [];
  for (let second = 0; second < 30; second++) {
    live.clock.now += 1000;
    // So many newer ones that the list isn't read back to them.
    if (second === 3) for (let index = 0; index <= 300; index++) add(store, 20 + index);
    await live.poll();
    events.push(...live.readAll(reader));
  }
  const ids = new Set(runs.map(({ id }) => id));
  const theirs = events.filter(({ id }) => ids.has(id));
  expect(theirs.map(({ id, run }) => [id, run?.totalDurationNs])).toEqual(
    runs.map(({ id }) => [id, store.listed(id)?.totalDurationNs]),
  );
});

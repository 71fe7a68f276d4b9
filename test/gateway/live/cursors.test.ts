import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stopClock } from '../../support/clock.ts';
import { mixedRunId } from '../../support/ids.ts';
import { runAt } from '../../support/live-runs.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { watchRuns } from '../../support/watch.ts';

const FAILED = { status: 'failed', stop_reason: 'error' } as const;

/** A gateway over so many runs that are running, and the cursor of an event of their list. */
async function openWithCursor(active: number, args = '') {
  const clock = stopClock('2026-01-01T00:15:00Z');
  const runs = Array.from({ length: active }, (_, index) => runAt(index, index / 10, { status: 'running' }));
  const test = await openGateway({ runs });
  const client = watchRuns(test.gateway, args);
  await clock.pass(1000);
  test.store.insert([runAt(5000, 899, { status: 'running' })]);
  await clock.pass(2000);
  const cursor = client.events.at(-1)?.cursor ?? '';
  expect(cursor).not.toBe('');
  await client.close();
  return { ...test, clock, cursor };
}

describe('runEvents(after)', () => {
  it('refuses a cursor of which anything was changed', async () => {
    await using test = await openWithCursor(3);
    const { cursor } = test;
    const changed = fc
      .tuple(fc.nat(cursor.length - 1), fc.constantFrom('A', 'z', '0', '-', '_', '.'))
      .map(([at, letter]) => cursor.slice(0, at) + letter + cursor.slice(at + 1))
      .filter((text) => text !== cursor);
    const cut = fc.nat(cursor.length - 1).map((length) => cursor.slice(0, length));
    const others = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.constantFrom(`${cursor}A`, mixedRunId(1).slice(1)),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, cut, others), async (text) => {
        const client = watchRuns(test.gateway, '', { after: text });
        await test.clock.pass(0);
        expect(client.error).toMatchObject({ code: 'INVALID_CURSOR', argument: 'after', retryable: false });
      }),
      { numRuns: propertyRuns(100) },
    );
  });

  it('refuses a cursor of a list with other arguments', async () => {
    await using test = await openWithCursor(3, 'active: true');
    const others = ['active: true, background: true', 'active: true, createdAfter: "2026-01-01"'];
    for (const args of ['', 'active: false', 'statuses: [RUNNING]', ...others]) {
      const client = watchRuns(test.gateway, args, { after: test.cursor });
      await test.clock.pass(0);
      expect(client.error, args).toMatchObject({ code: 'INVALID_CURSOR', argument: 'after' });
    }
    const same = watchRuns(test.gateway, 'active: true', { after: test.cursor });
    await test.clock.pass(1000);
    expect(same.error).toBeUndefined();
  });

  it('gives the cursor back with an error that ends the stream at once', async () => {
    await using test = await openWithCursor(3);
    test.upstream.script = () => ({ status: 403, body: {} });
    const client = watchRuns(test.gateway, '', { after: test.cursor });
    await test.clock.pass(1000);
    expect(client.error).toMatchObject({ code: 'FORBIDDEN', cursor: test.cursor });
  });

  it('brings the duration of a run that had ended before the cursor, also beside many that hang', async () => {
    const clock = stopClock('2026-01-01T02:00:00Z');
    const runs = Array.from({ length: 250 }, (_, index) => runAt(index, index, { status: 'running' }));
    await using test = await openGateway({ runs: [...runs, runAt(5000, 7199, { status: 'running' })] });
    const client = watchRuns(test.gateway);
    await clock.pass(1000);
    test.store.update(mixedRunId(5000), FAILED);
    await clock.pass(2000);
    const after = client.events.at(-1)?.cursor;
    await client.close();
    test.store.update(mixedRunId(5000), { run_ns: 7 });
    await using replica = await test.another();
    const resumed = watchRuns(replica, '', { after });
    await clock.pass(3000);
    const told = resumed.events.map(({ kind, run }) => [kind, run?.['totalDurationNs']]);
    expect(told).toEqual([['UPDATED', 7]]);
  });

  it('brings the duration of a run that had ended before the cursor, also beside 300 newer active runs', async () => {
    const clock = stopClock('2026-01-01T02:00:00Z');
    const runs = Array.from({ length: 301 }, (_, index) => runAt(index, index, { status: 'running' }));
    await using test = await openGateway({ runs });
    const client = watchRuns(test.gateway);
    // The first poll reads hundreds of runs, by several requests.
    await clock.pass(5000);
    test.store.update(mixedRunId(0), FAILED);
    await clock.pass(16_000);
    await client.close();
    test.store.update(mixedRunId(0), { run_ns: 7, total_duration_ns: 7 });
    await using replica = await test.another();
    const resumed = watchRuns(replica, '', { after: client.events.at(-1)?.cursor });
    await clock.pass(3000);
    const told = [...client.events, ...resumed.events].map(({ run }) => run?.['totalDurationNs']);
    expect([resumed.error, told]).toEqual([undefined, [null, 7]]);
  });

  it('is refused as too old if more durations are to come than a cursor has room for', async () => {
    const clock = stopClock('2026-01-01T00:15:00Z');
    const runs = Array.from({ length: 250 }, (_, index) => runAt(index, index, { status: 'running' }));
    await using test = await openGateway({ runs });
    const client = watchRuns(test.gateway);
    // The first poll reads hundreds of runs, by several requests.
    await clock.pass(5000);
    for (const { id } of runs) test.store.update(id, FAILED);
    await clock.pass(6000);
    await client.close();
    for (const { id } of runs) test.store.update(id, { run_ns: 7, total_duration_ns: 7 });
    const told = client.events.filter(({ run }) => run?.['status'] === 'FAILED');
    expect(told.length).toBe(250);
    const resumed = watchRuns(test.gateway, '', { after: told.at(-1)?.cursor });
    await clock.pass(3000);
    expect([resumed.events, resumed.error?.['code']]).toEqual([[], 'CURSOR_TOO_OLD']);
  });

  it('tells of each run once, also to a client that comes back after each second', async () => {
    await using test = await openWithCursor(190);
    for (let number = 0; number < 190; number++)
      test.store.update(mixedRunId(number), {
        ...FAILED,
        completed_at: '2026-01-01T00:15:01',
        total_duration_ns: 5,
      });
    test.store.insert(Array.from({ length: 150 }, (_, index) => runAt(6000 + index, 925 + index / 100)));
    await using replica = await test.another();
    const told: string[] = [];
    let after = test.cursor;
    for (let connection = 0; connection < 25; connection++) {
      const client = watchRuns(replica, '', { after });
      await test.clock.pass(1000);
      told.push(...client.events.map(({ kind, runId: id }) => `${kind} ${id}`));
      after = client.events.at(-1)?.cursor ?? after;
      await client.close();
    }
    expect(told).toHaveLength(190 + 150);
    expect(new Set(told).size).toBe(told.length);
  });

  it('brings the duration of a run that paused long ago and was cancelled before the cursor', async () => {
    const clock = stopClock('2026-01-01T00:15:00Z');
    const paused = { status: 'completed', stop_reason: 'requires_approval' } as const;
    const run = runAt(1, 600, { ...paused, completed_at: '2026-01-01T00:10:00', total_duration_ns: 3 });
    await using test = await openGateway({ runs: [run] });
    const client = watchRuns(test.gateway);
    await clock.pass(1000);
    test.store.update(run.id, { status: 'cancelled', stop_reason: 'cancelled' });
    await clock.pass(2000);
    await client.close();
    test.store.insert([runAt(2, 902)]);
    const resumed = watchRuns(test.gateway, '', { after: client.events.at(-1)?.cursor });
    await clock.pass(1000);
    test.store.update(run.id, { total_duration_ns: 9 });
    await clock.pass(5000);
    const told = [...client.events, ...resumed.events].map((event) => [event.kind, event.runId]);
    expect(told).toEqual([
      ['UPDATED', run.id],
      ['ADDED', mixedRunId(2)],
      ['UPDATED', run.id],
    ]);
  });

  it('tells nothing of an older run that ended before it was received', async () => {
    const clock = stopClock('2026-01-01T00:15:00Z');
    const older = [1, 2].map((number) => runAt(number, number, { status: 'running' }));
    await using test = await openGateway({ runs: [...older, runAt(3, 600)] });
    const client = watchRuns(test.gateway, '', { after: mixedRunId(3) });
    await clock.pass(1000);
    expect(client.events.map(({ runId: id }) => id)).toEqual([1, 2].map(mixedRunId));
    await client.close();
    const ended = { status: 'completed', stop_reason: 'end_turn', completed_at: '2026-01-01T00:15:00' };
    test.store.update(mixedRunId(2), { ...ended, total_duration_ns: null });
    const resumed = watchRuns(test.gateway, '', { after: client.events[0]?.cursor });
    await clock.pass(3000);
    test.store.update(mixedRunId(2), { total_duration_ns: 7 });
    await clock.pass(3000);
    expect(resumed.events).toEqual([]);
  });

  it('goes on between two runs of one instant, and with a run that appears late', async () => {
    const clock = stopClock('2026-01-01T00:15:00Z');
    await using test = await openGateway({ runs: [runAt(1, 0)] });
    const client = watchRuns(test.gateway);
    await clock.pass(1000);
    test.store.insert([runAt(2, 900), runAt(3, 900)]);
    await clock.pass(2000);
    await client.close();
    test.store.insert([runAt(4, 898)]);
    const resumed = watchRuns(test.gateway, '', { after: client.events[0]?.cursor });
    await clock.pass(2000);
    const told = [...client.events.slice(0, 1), ...resumed.events].map((event) => event.runId);
    expect(told).toEqual([2, 4, 3].map(mixedRunId));
  });

  it('goes on after any of 330 events, and with a run that enters the list meanwhile', async () => {
    const clock = stopClock('2026-01-01T00:15:00Z');
    const runs = Array.from({ length: 330 }, (_, index) => runAt(index, index, { status: 'running' }));
    const entering = runAt(5000, 200.5, { status: 'created' });
    await using test = await openGateway({ runs: [...runs, entering] });
    /** Reads so many events, each of which takes some turns of the event loop. */
    const read = async (after: string | undefined, count: number) => {
      const client = watchRuns(test.gateway, 'statuses: [RUNNING]', { after });
      for (let turn = 0; client.events.length < count && turn < 100; turn++) await clock.pass(20);
      await client.close();
      expect(client.error).toBeUndefined();
      return client.events;
    };
    // Each of them is an event.
    const events = await read(mixedRunId(329), 330);
    test.store.update(entering.id, { status: 'running' });
    for (const count of [1, 199, 205, 329, 330]) {
      const others = await read(events[count - 1]?.cursor, 331 - count);
      const told = [...events.slice(0, count), ...others].map((event) => event.runId);
      expect(told.toSorted(), String(count)).toEqual([...runs, entering].map(({ id }) => id).toSorted());
    }
  });

  it('goes on beside more active runs than are watched, whichever of the newest begin and end', async () => {
    await using test = await openWithCursor(1100);
    const after = test.cursor;
    const client = watchRuns(test.gateway, '', { after });
    await test.clock.pass(1000);
    test.store.update(mixedRunId(1050), FAILED);
    await test.clock.pass(3000);
    test.store.insert([1, 2].map((number) => runAt(5000 + number, 900 + number, { status: 'running' })));
    await test.clock.pass(3000);
    const expected = [
      `UPDATED ${mixedRunId(1050)}`,
      ...[1, 2].map((number) => `ADDED ${mixedRunId(5000 + number)}`),
    ];
    const told = ({ events }: typeof client) => events.map((event) => `${event.kind} ${event.runId}`);
    expect(told(client)).toEqual(expected);
    await client.close();
    // Of the thousand that were watched, the oldest ones are beyond them by now.
    await using replica = await test.another();
    const resumed = watchRuns(replica, '', { after });
    await test.clock.pass(3000);
    expect([resumed.error, told(resumed)]).toEqual([undefined, expected]);
    await resumed.close();
    // Both new runs came by one poll.
    const between = watchRuns(replica, '', { after: client.events[1]?.cursor });
    await test.clock.pass(3000);
    expect([between.error, told(between)]).toEqual([undefined, expected.slice(2)]);
    await between.close();
    test.store.update(mixedRunId(600), FAILED);
    const late = watchRuns(replica, '', { after });
    await test.clock.pass(3000);
    expect(late.error).toMatchObject({ code: 'CURSOR_TOO_OLD' });
  });

  it('goes on with the changes of 200 active runs, and fits into the address of a GET of 8 KiB', async () => {
    await using test = await openWithCursor(650);
    expect(test.cursor.length).toBeLessThan(6000);
    // Another replica goes on from it, with just what has changed meanwhile.
    test.store.update(mixedRunId(451), FAILED);
    test.store.delete(mixedRunId(453));
    test.store.update(mixedRunId(454), { metadata: { note: 1 } });
    test.store.insert([runAt(5001, 900)]);
    await using replica = await test.another();
    const client = watchRuns(replica, '', { after: test.cursor });
    await test.clock.pass(3000);
    expect(client.events.map((event) => `${event.kind} ${event.runId}`).toSorted()).toEqual([
      `ADDED ${mixedRunId(5001)}`,
      `REMOVED ${mixedRunId(453)}`,
      ...[451, 454].map((number) => `UPDATED ${mixedRunId(number)}`),
    ]);
    await client.close();
    // The newest run that the cursor doesn't name.
    test.store.update(mixedRunId(450), FAILED);
    const late = watchRuns(test.gateway, '', { after: test.cursor });
    await test.clock.pass(3000);
    expect(late.events).toEqual([]);
    expect(late.error).toMatchObject({ code: 'CURSOR_TOO_OLD', retryable: false });
  });

  it('is refused as too old beyond 5,000 newer runs, as are streams that are so far behind', async () => {
    await using test = await openWithCursor(1);
    const behind = watchRuns(test.gateway);
    await test.clock.pass(1000);
    test.store.insert(Array.from({ length: 6500 }, (_, index) => runAt(10_000 + index, 900 + index / 1000)));
    const client = watchRuns(test.gateway, '', { after: test.cursor });
    await test.clock.pass(10_000);
    for (const { events, error } of [client, behind])
      expect([events, error]).toMatchObject([[], { code: 'CURSOR_TOO_OLD', retryable: false }]);
  });
});

/** As somebody makes it who has a server of their own. */
async function foreignCursor(count: number): Promise<string> {
  using clock = stopClock('2026-01-01T00:15:00Z');
  const runs = Array.from({ length: count }, (_, index) => runAt(index, index, { status: 'running' }));
  await using other = await openGateway({ runs });
  const client = watchRuns(other.gateway);
  await clock.pass(1000);
  other.store.insert([runAt(900, 899)]);
  await clock.pass(3000);
  await client.close();
  return client.events.at(-1)?.cursor ?? '';
}
const as = (name: string) => ({ headers: { authorization: `Bearer ${name}` } });

it('runEvents(after) charges its sender alone for what a forged cursor makes the gateway ask', async () => {
  const [after, short] = [await foreignCursor(50), await foreignCursor(10)];
  using clock = stopClock('2026-01-01T00:15:10Z');
  await using test = await openGateway({ runs: [runAt(1000, 899)], config: { rateLimit: 700 } });
  const codes: unknown[] = [];
  for (let turn = 0; turn < 10; turn++) {
    const client = watchRuns(test.gateway, '', { after, ...as('forger') });
    await clock.pass(2000);
    codes.push(client.error?.['code']);
    await client.close();
  }
  expect(codes).toContain('RATE_LIMITED');
  // A request costs 3, and polls of the list are part of a subscription.
  expect(test.upstream.requests.length).toBeLessThan(700 / 3 + 10 * 6);
  const other = watchRuns(test.gateway, '', { after: short, ...as('other') });
  await clock.pass(10_000);
  // With the run that was new.
  expect(other.events.filter(({ kind }) => kind === 'REMOVED')).toHaveLength(11);
});

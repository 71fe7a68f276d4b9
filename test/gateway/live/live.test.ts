import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { Run } from '../../../embedded-api/store/run-store.ts';
import { stopClock, stopJitter } from '../../support/clock.ts';
import { agentId, mixedRunId } from '../../support/ids.ts';
import { type LiveRun, runAt } from '../../support/live-runs.ts';
import { openGateway, type OpenGatewayOptions } from '../../support/open-gateway.ts';
import { type RunEvent, watch, watchRuns } from '../../support/watch.ts';

/** So many runs, one a second, that the list isn't read back to the one before them. */
const NEWER = Array.from({ length: 300 }, (_, index) => runAt(1000 + index, 1 + index));

const told = (events: readonly RunEvent[]) => events.map(({ kind, runId: id }) => `${kind} ${id}`);

/** A client that watches a list since a quarter of an hour after the start of 2026, and the list's store. */
async function open(options: OpenGatewayOptions & { readonly args?: string; readonly after?: string } = {}) {
  const clock = stopClock('2026-01-01T00:15:00Z');
  stopJitter();
  const { args, after, ...rest } = options;
  const test = await openGateway(rest);
  const client = watchRuns(test.gateway, args, { after });
  await clock.pass(500);
  return {
    ...test,
    clock,
    client,
    change: (number: number, fields: Partial<Run>) => test.store.update(mixedRunId(number), fields),
    add: (number: number, fields?: Partial<Run>) =>
      test.store.insert([runAt(number, (Date.now() - Date.UTC(2026, 0, 1)) / 1000, fields)]),
    /** Returns what has been told since the last time, after so many milliseconds. */
    async next(ms = 2100): Promise<string[]> {
      await clock.pass(ms);
      return told(client.events.splice(0));
    },
  };
}

const FAILED = { status: 'failed', stop_reason: 'error', completed_at: '2026-01-01T00:15:00' } as const;
const PAUSED = { ...FAILED, status: 'completed', stop_reason: 'requires_approval' } as const;
const CANCELLED = { status: 'cancelled', stop_reason: 'cancelled' } as const;
const SELECTED: readonly [
  args: string,
  steps: readonly (readonly [state: Partial<Run>, told: readonly string[]])[],
][] = [
  [
    'metadata: [{ path: "customer", equals: "two" }]',
    [
      [{ metadata: { customer: 'one' } }, []],
      [{ metadata: { customer: 'two' } }, ['ADDED']],
      [{ metadata: { customer: 'two', note: 1 } }, ['UPDATED']],
      [{ metadata: { customer: 'three' } }, ['REMOVED']],
      [{ metadata: null }, []],
    ],
  ],
  [`agentId: "${agentId(2)}"`, [[FAILED, []]]],
  ['stopReason: ERROR', [[FAILED, ['ADDED']]]],
];

describe('runEvents', () => {
  it.each(SELECTED)('with (%s) tells what a run does to the list, and nothing else', async (args, steps) => {
    // Beside runs that began later and have ended.
    const ended = [850, 899].map((seconds) => runAt(seconds, seconds, FAILED));
    await using test = await open({ args, runs: [runAt(1, 800, { status: 'running' }), ...ended] });
    for (const [state, kinds] of steps) {
      test.change(1, state);
      expect(await test.next(), JSON.stringify([state, test.client.error])).toEqual(
        kinds.map((kind) => `${kind} ${mixedRunId(1)}`),
      );
    }
  });

  it('tells of the end of an old run, of a late active run, and of a new pause that is cancelled', async () => {
    const paused = { ...PAUSED, total_duration_ns: 3 };
    const old = [runAt(1, 0, { status: 'running' }), runAt(2, 0, paused)];
    await using test = await open({ runs: [...old, ...NEWER, runAt(3, 301, paused)] });
    const before = test.upstream.urls.length;
    test.change(1, FAILED);
    test.change(2, CANCELLED);
    test.change(3, CANCELLED);
    test.store.insert([runAt(4, 10, { status: 'running' })]);
    // The older pause has ended, and is not looked at again.
    expect((await test.next()).toSorted()).toEqual(
      [...[1, 3].map((number) => `UPDATED ${mixedRunId(number)}`), `ADDED ${mixedRunId(4)}`].toSorted(),
    );
    expect(await test.next(16_500)).toEqual([]);
    const asked = test.upstream.urls.slice(before).join();
    expect(asked).not.toMatch(/requires_approval/);
    expect(asked).not.toContain(mixedRunId(2));
    // The server stores how long it took until then a moment later.
    test.change(3, { total_duration_ns: 9 });
    expect(await test.next()).toEqual([`UPDATED ${mixedRunId(3)}`]);
  });

  it('tells of no older run again when the newest one is deleted', async () => {
    await using test = await open({ runs: [runAt(1, 880), runAt(2, 881), runAt(3, 882)] });
    await test.clock.pass(30_000);
    test.add(4, { status: 'running' });
    expect(await test.next(20_000)).toEqual([`ADDED ${mixedRunId(4)}`]);
    test.store.delete(mixedRunId(4));
    expect(await test.next(40_000)).toEqual([`REMOVED ${mixedRunId(4)}`]);
    test.add(5);
    expect(await test.next(40_000)).toEqual([`ADDED ${mixedRunId(5)}`]);
  });

  it('tells of runs that were beyond those that are watched once fewer are active', async () => {
    const running = Array.from({ length: 1100 }, (_, number) =>
      runAt(number, number / 10, { status: 'running' }),
    );
    await using test = await open({ runs: running });
    test.change(5, FAILED);
    expect(await test.next(20_000)).toEqual([]);
    for (let number = 900; number < 1100; number++) test.change(number, FAILED);
    expect(await test.next(40_000)).toHaveLength(200);
    test.change(6, FAILED);
    expect(await test.next(20_000)).toEqual([`UPDATED ${mixedRunId(6)}`]);
  });

  it('shows the end of a run at once, and its duration when that is stored', async () => {
    await using test = await open({ runs: [runAt(1, 0, { status: 'running' }), ...NEWER] });
    test.change(1, FAILED);
    await test.clock.pass(2100);
    expect(test.client.events.map(({ run }) => run?.['totalDurationNs'])).toEqual([null]);
    await test.clock.pass(9000);
    // A single run may show another duration than lists do.
    test.change(1, { run_ns: 7, total_duration_ns: 8 });
    await test.clock.pass(6000);
    expect(test.client.events.map(({ run }) => [run?.['status'], run?.['totalDurationNs']])).toEqual([
      ['FAILED', null],
      ['FAILED', 7],
    ]);
  });

  it('shows the durations of all runs, however many have ended at once', async () => {
    const running = Array.from({ length: 400 }, (_, number) => runAt(number, 600, { status: 'running' }));
    await using test = await open({ runs: running });
    for (const { id } of running) test.store.update(id, FAILED);
    await test.clock.pass(6000);
    for (const { id } of running) test.store.update(id, { run_ns: 7, total_duration_ns: 7 });
    await test.clock.pass(40_000);
    const durations = new Map(test.client.events.map(({ runId: id, run }) => [id, run?.['totalDurationNs']]));
    expect([...durations.values()]).toEqual(running.map(() => 7));
  });

  it('tells a client that reads slowly what became of each run, and a fast one all the while', async () => {
    await using test = await open({ runs: [runAt(1, 0, { status: 'running' }), ...NEWER] });
    const slow = watchRuns(test.gateway);
    await test.clock.pass(1000);
    slow.isReading = false;
    for (const fields of [{ status: 'created' }, { status: 'running' }, FAILED]) {
      test.change(1, fields);
      expect(await test.next()).toEqual([`UPDATED ${mixedRunId(1)}`]);
    }
    slow.isReading = true;
    await test.clock.pass(5000);
    // The stream itself holds some events before others wait.
    expect(slow.events.at(-1)).toMatchObject({
      kind: 'UPDATED',
      runId: mixedRunId(1),
      run: { status: 'FAILED' },
    });
  });

  it('begins behind a run with the newer ones, and with older ones that have not ended', async () => {
    const runs = [
      runAt(1, 0, { status: 'running' }),
      runAt(2, 1, { status: 'created' }),
      runAt(3, 2),
      runAt(4, 3),
      runAt(5, 4),
    ];
    await using test = await open({ runs, args: 'statuses: [RUNNING, COMPLETED]', after: mixedRunId(4) });
    expect(await test.next(500)).toEqual([`ADDED ${mixedRunId(1)}`, `ADDED ${mixedRunId(5)}`]);
    // What the client never had doesn't concern it.
    test.change(3, FAILED);
    test.change(2, FAILED);
    expect(await test.next()).toEqual([]);
    test.change(1, FAILED);
    expect(await test.next()).toEqual([`REMOVED ${mixedRunId(1)}`]);
  });

  it('shows no durations where lists of an old server have none', async () => {
    const older: OpenGatewayOptions['script'] = async (request, next) => {
      const answer = await next();
      if (answer instanceof Error || typeof answer.body !== 'string') return answer;
      if (request.path === '/v1/health/') return { body: { version: '0.13.0', status: 'ok' } };
      if (request.path !== '/v1/runs/') return answer;
      const rows = JSON.parse(answer.body) as object[];
      return { body: rows.map((row) => ({ ...row, total_duration_ns: null })) };
    };
    await using test = await open({
      script: older,
      runs: [runAt(1, 890, { status: 'running', run_ns: null })],
    });
    test.change(1, { ...FAILED, run_ns: 7 });
    await test.clock.pass(30_000);
    expect(test.client.events.map(({ run }) => run?.['totalDurationNs'])).toEqual([null]);
  });
});

/** What is told of one run. */
async function updatesOf(run: LiveRun, states: readonly Partial<Run>[], stepMs: number, lastMs = 40_000) {
  const clock = stopClock('2026-01-01T00:15:00Z');
  stopJitter();
  await using test = await openGateway({ runs: [run] });
  const query = `subscription { runUpdates(id: "${run.id}") { status stopReason totalDurationNs } }`;
  const client = watch(test.gateway, query);
  for (const state of states) {
    await clock.pass(stepMs);
    test.store.update(run.id, state);
  }
  await clock.pass(lastMs);
  const updates = client.values.map((value) => Object.values(Object(value)).join(' '));
  const { isOver, error } = client;
  await client.close();
  return {
    updates,
    isOver,
    error,
    requests: test.upstream.urls.filter((url) => url.endsWith(run.id)).length,
  };
}

const RUNNING = runAt(1, 890, { status: 'running' });

describe('runUpdates', () => {
  it.each([
    [
      'ends',
      RUNNING,
      [{ ...FAILED, run_ns: 7, total_duration_ns: 8 }],
      ['RUNNING  ', 'FAILED ERROR 7'],
      true,
    ],
    [
      'pauses for an approval',
      RUNNING,
      [{ ...PAUSED, run_ns: 3 }, CANCELLED],
      ['RUNNING  ', 'COMPLETED REQUIRES_APPROVAL 3'],
      true,
    ],
    [
      'has a status that is not known',
      RUNNING,
      [{ status: 'paused' }],
      ['RUNNING  ', 'UNRECOGNIZED  '],
      false,
    ],
    [
      'has ended long ago',
      runAt(1, 0, { ...FAILED, completed_at: '2026-01-01T00:00:01' }),
      [],
      ['FAILED ERROR '],
      true,
    ],
  ])('tells of a run that %s', async (_name, run, states, updates, isOver) => {
    expect(await updatesOf(run, states, 20_000)).toMatchObject({ updates, isOver });
  });

  it.each([1100, 4000, 14_000])('brings a duration that is stored %d ms after the end', async (stepMs) => {
    expect(await updatesOf(RUNNING, [FAILED, { ...FAILED, run_ns: 7 }], stepMs)).toMatchObject({
      updates: ['RUNNING  ', 'FAILED ERROR ', 'FAILED ERROR 7'],
      isOver: true,
    });
  });

  it('begins with what is now for who comes while another client has not read yet', async () => {
    const clock = stopClock('2026-01-01T00:15:00Z');
    stopJitter();
    await using test = await openGateway({ runs: [{ ...RUNNING, ...PAUSED, run_ns: 5 }] });
    const query = `subscription { runUpdates(id: "${RUNNING.id}") { status } }`;
    const slow = watch(test.gateway, query);
    slow.isReading = false;
    await clock.pass(3000);
    test.store.update(RUNNING.id, CANCELLED);
    const other = watch(test.gateway, query);
    await clock.pass(20_000);
    expect([other.values, other.isOver]).toEqual([[{ status: 'CANCELLED' }], true]);
    slow.isReading = true;
    await clock.pass(3000);
    expect([slow.values, slow.isOver]).toEqual([[{ status: 'COMPLETED' }], true]);
  });

  it('brings a duration that is stored while the last answer without it is under way', async () => {
    const clock = stopClock('2026-01-01T00:15:00Z');
    stopJitter();
    await using test = await openGateway({ runs: [RUNNING] });
    const client = watch(
      test.gateway,
      `subscription { runUpdates(id: "${RUNNING.id}") { totalDurationNs } }`,
    );
    await clock.pass(2000);
    test.store.update(RUNNING.id, FAILED);
    await clock.pass(6500);
    test.upstream.script = async ({ path }, next) => {
      const answer = await next();
      if (path.endsWith('/metrics')) await sleep(9000);
      return answer;
    };
    await clock.pass(2000);
    test.store.update(RUNNING.id, { run_ns: 7 });
    await clock.pass(60_000);
    expect([client.values.at(-1), client.isOver]).toEqual([{ totalDurationNs: 7 }, true]);
  });

  it.each([
    [
      'the duration of a pause that is cancelled at once',
      RUNNING,
      [PAUSED, { ...CANCELLED, run_ns: 3 }, { run_ns: 9 }],
      ['RUNNING  ', 'COMPLETED REQUIRES_APPROVAL ', 'CANCELLED CANCELLED 3', 'CANCELLED CANCELLED 9'],
      4000,
    ],
    [
      'the duration of a pause that is cancelled later',
      RUNNING,
      [PAUSED, { ...CANCELLED, run_ns: 3 }, { run_ns: 9 }],
      ['RUNNING  ', 'COMPLETED REQUIRES_APPROVAL ', 'CANCELLED CANCELLED 3', 'CANCELLED CANCELLED 9'],
      12_000,
    ],
    [
      'what became of its callback',
      { ...RUNNING, callback_url: 'https://example.com' },
      [{ ...FAILED, run_ns: 7 }, { callback_sent_at: '2026-01-01T00:15:08' }],
      ['RUNNING  ', 'FAILED ERROR 7', 'FAILED ERROR 7'],
      4000,
    ],
  ])('brings %s', async (_what, run, states, updates, stepMs) => {
    expect(await updatesOf(run, states, stepMs)).toMatchObject({ updates, isOver: true });
  });

  it('ends, and asks seldom, although the clock steps back by an hour', async () => {
    const clock = stopClock('2026-01-01T00:15:00Z');
    await using test = await openGateway({ runs: [RUNNING] });
    const client = watch(test.gateway, `subscription { runUpdates(id: "${RUNNING.id}") { status } }`);
    await clock.pass(2000);
    test.store.update(RUNNING.id, FAILED);
    await clock.pass(2000);
    vi.setSystemTime(Date.now() - 3_600_000);
    const before = test.upstream.urls.length;
    await clock.pass(120_000);
    expect(client.isOver).toBe(true);
    expect(test.upstream.urls.length - before).toBeLessThan(50);
  });

  it('ends at last where no duration is stored', async () => {
    expect(await updatesOf(RUNNING, [FAILED], 5000, 10_000)).toMatchObject({ isOver: false });
    expect(await updatesOf(RUNNING, [FAILED], 5000, 60_000)).toMatchObject({ isOver: true });
  });

  it('asks seldom for a run whose status is not known', async () => {
    const unknown = runAt(1, 890, { status: 'paused' });
    expect((await updatesOf(unknown, [{}, {}], 20_000)).requests).toBeLessThan(20);
    expect((await updatesOf(RUNNING, [{}, {}], 20_000)).requests).toBeGreaterThan(50);
  });

  it('is null and ends for a run that is not there', async () => {
    const clock = stopClock();
    await using test = await openGateway();
    const client = watch(test.gateway, `subscription { runUpdates(id: "${mixedRunId(1)}") { id } }`);
    await clock.pass(1000);
    expect([client.values, client.isOver, client.error]).toEqual([[null], true, undefined]);
  });
});

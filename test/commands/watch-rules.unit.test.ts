import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TailedRun } from '../../src/cli/gateway-client/documents.ts';
import { limitWaiting } from '../../src/cli/watch/limit-waiting.ts';
import { type Memory, newMemory, type Rules, type Step } from '../../src/cli/watch/memory.ts';
import { messageOf, type Notice } from '../../src/cli/watch/notice.ts';
import { knownSince, onActiveRuns, onPaused, onPending } from '../../src/cli/watch/rules.ts';
import { onRun, onTime, unlisted } from '../../src/cli/watch/rules.ts';
import { agentId, runId } from '../support/ids.ts';

const MINUTE = 60_000;
const RULES: Rules = { failed: true, stuck: '15m', waiting: '10m', rate: 'failed>3/10m', each: true };
const time = (ms: number): string => new Date(ms).toISOString();

function runOf(number: number, createdAt: number, failedAt?: number): TailedRun {
  const run = { id: runId(number), agentId: agentId(1), createdAt: time(createdAt), totalDurationNs: null };
  const reason = { stopReason: null, rawStopReason: null };
  const active = { ...run, ...reason, status: 'RUNNING', rawStatus: 'running', completedAt: null } as const;
  if (failedAt === undefined) return { ...active, failure: null, outcome: 'UNFINISHED' };
  const failure = { code: null, message: 'No credits' };
  const failed = { status: 'FAILED', rawStatus: 'failed', outcome: 'FAILED' } as const;
  return { ...active, ...failed, completedAt: time(failedAt), failure };
}

const call = (name: string, args: string) => ({ toolCallId: `call-${name}`, name, arguments: args });

/** Rules with the memory of one watcher. */
function watcher(rules = RULES) {
  let memory = newMemory('s');
  const reported: Notice[] = [];
  const apply = (step: (before: Memory) => Step): readonly Notice[] => {
    const [next, notices] = step(memory);
    memory = next;
    reported.push(...notices);
    return notices;
  };
  return {
    reported,
    run: (run: TailedRun | null, now = 0, id = run?.id ?? '') =>
      apply((before) => onRun(before, { runId: id, run }, now, rules)),
    removed: (run: TailedRun) =>
      apply((before) => onRun(before, { kind: 'REMOVED', runId: run.id, run }, 0, rules)),
    active: (runs: readonly TailedRun[], now: number) =>
      apply((before) => onActiveRuns(before, runs, now, rules)),
    time: (now: number) => apply((before) => onTime(before, now, rules)),
  };
}
const idsOf = (notices: readonly Notice[]) => notices.map(({ id }) => id);

it('After a gap, runs are read again since ten seconds before the newest, or the oldest that was active', () => {
  const memory = { ...newMemory('s'), newest: time(2 * MINUTE) };
  expect(knownSince(memory)).toBe(110_000);
  const active = { 'run-1': runOf(1, MINUTE), 'run-2': runOf(2, 1.5 * MINUTE) };
  expect(knownSince({ ...memory, active })).toBe(50_000);
});

describe('runs-gateway watch reports', () => {
  it('once that a run failed, and why, also if its duration comes later', () => {
    const { run } = watcher();
    const failed = runOf(1, 0, MINUTE);
    const notice = { id: `failed-${runId(1)}`, type: 'run.failed', occurredAt: time(MINUTE), run: failed };
    expect(run(failed)).toEqual([notice]);
    // Nor does it count for a rate again.
    for (let again = 0; again < 4; again++) expect(run(failed)).toEqual([]);
  });

  it('no failure again, however many came before it', () => {
    const { run } = watcher();
    for (let number = 1; number <= 3_100; number++) run(runOf(number, 0, MINUTE));
    expect(run(runOf(3_100, 0, MINUTE))).toEqual([]);
  });

  it.each([
    ['90s', 1.5],
    ['15m', 15],
    ['2h', 120],
    ['1d', 1_440],
  ])('a run as hanging after %s, and not before', (stuck, minutes) => {
    const { run, time: pass } = watcher({ ...RULES, stuck });
    run(runOf(1, 0));
    expect(idsOf(pass(minutes * MINUTE - 1))).toEqual([]);
    expect(idsOf(pass(minutes * MINUTE + 1))).toEqual([`stuck-${runId(1)}`]);
  });

  it('no run as hanging that has left the list', () => {
    const { run, removed, time: pass } = watcher();
    run(runOf(1, 0));
    run(runOf(2, 0));
    removed(runOf(2, 0));
    expect(idsOf(pass(20 * MINUTE))).toEqual([`stuck-${runId(1)}`]);
  });

  it('in one notice what hung before the start, and then each', () => {
    const { active, time: at } = watcher();
    const runs = [1, 2, 3].map((number) => runOf(number, number * MINUTE));
    expect(active(runs, 17.5 * MINUTE)).toMatchObject([{ type: 'run.stuck', count: 2, limit: '15m' }]);
    expect(idsOf(at(18 * MINUTE))).toEqual([`stuck-${runId(3)}`]);
  });

  it('an approval that waits, once; not what could not be read, or is gone', () => {
    const toolCalls = [call('send', '{}'), call('pay', `x${'💶'.repeat(300)}`)];
    const pending = { ...runOf(1, 0), approval: { requestedAt: time(MINUTE), toolCalls } };
    const unread = { ...runOf(2, 0), approval: null };
    const gone = { ...runOf(3, 0), approval: { requestedAt: null, toolCalls: [] } };
    const poll = (memory: Memory, now: number) => onPending(memory, [unread, gone, pending], now, '10m');
    const [early, none] = poll(newMemory('s'), 11 * MINUTE - 1);
    const [late, one] = poll(early, 11 * MINUTE);
    expect([none, idsOf(one), poll(late, 12 * MINUTE)[1]]).toEqual([[], [`waiting-${runId(1)}`], []]);
    expect(one[0]?.toolCalls).toEqual([call('send', '{}'), call('pay', `x${'💶'.repeat(249)}\uFFFD…`)]);
  });

  it('more runs that hang than it remembers otherwise, each once', () => {
    const rules = watcher();
    const runs = Array.from({ length: 3_500 }, (_, number) => runOf(number, 0));
    rules.active(runs, 20 * MINUTE);
    for (const now of [21, 22]) expect(rules.time(now * MINUTE)).toEqual([]);
  });

  it('a rate that was passed by the number of its fall, which the next one does not have', () => {
    const rules = watcher();
    for (const number of [1, 2, 3, 4]) rules.run(runOf(number, 0, MINUTE), MINUTE);
    rules.time(20 * MINUTE);
    for (const number of [5, 6, 7, 8]) rules.run(runOf(number, 0, 30 * MINUTE), 30 * MINUTE);
    const rates = idsOf(rules.reported).filter((id) => id.startsWith('rate'));
    expect(rates).toEqual(['rate-passed-s-1', 'rate-fell-s-1', 'rate-passed-s-2']);
  });

  it('the fall of a rate also if a failure came between its limit and half of that', () => {
    const rules = watcher();
    const failAt = (number: number, minute: number) =>
      rules.run(runOf(number, 0, minute * MINUTE), minute * MINUTE);
    for (const number of [1, 2, 3, 4]) failAt(number, number);
    rules.time(12.5 * MINUTE);
    failAt(5, 12.5);
    expect(idsOf(rules.time(24 * MINUTE))).toContain('rate-fell-s-1');
  });

  it('rates, hangs and failures as one does who keeps everything and counts it', () => {
    const step = fc.record({
      after: fc.oneof({ weight: 9, arbitrary: fc.nat(MINUTE) }, fc.nat(12 * MINUTE)),
      what: fc.constantFrom('create', 'fail', 'end', 'delete', 'time'),
      which: fc.nat(9),
    });
    fc.assert(
      // Long enough that rates are passed, and fall, several times.
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const rules = watcher();
        const created = new Map<number, number>();
        const failed = new Map<number, number>();
        const ended = new Set<number>();
        const expected: string[] = [];
        let [now, passed, isAbove] = [0, 0, false];
        const failuresSince = (at: number) => [...failed.values()].filter((when) => when > at).length;
        const endStuck = (which: number): void => {
          if (expected.includes(`stuck-${runId(which)}`)) expected.push(`unstuck-${runId(which)}`);
        };
        for (const { after, what, which } of steps) {
          now += after;
          if (what === 'create' && !created.has(which)) {
            created.set(which, now);
            rules.run(runOf(which, now), now);
          } else if ((what === 'end' || what === 'delete') && created.has(which) && !failed.has(which)) {
            const run = { ...runOf(which, 0), outcome: 'SUCCEEDED' as const };
            rules.run(what === 'end' ? run : null, now, runId(which));
            if (!ended.has(which)) endStuck(which);
            ended.add(which);
          } else if (what === 'fail' && created.has(which) && !ended.has(which)) {
            rules.run(runOf(which, created.get(which) ?? 0, failed.get(which) ?? now), now);
            if (failed.has(which)) continue;
            failed.set(which, now);
            endStuck(which);
            expected.push(`failed-${runId(which)}`);
            if (!isAbove && failuresSince(now - 10 * MINUTE) > 3) {
              isAbove = true;
              expected.push(`rate-passed-s-${++passed}`);
            }
          } else if (what === 'time') {
            rules.time(now);
            for (const [number, at] of created) {
              const id = `stuck-${runId(number)}`;
              const isOver = failed.has(number) || ended.has(number);
              if (!isOver && at + 15 * MINUTE <= now && !expected.includes(id)) expected.push(id);
            }
            if (!isAbove || failuresSince(now - 10 * MINUTE) > 1) continue;
            isAbove = false;
            expected.push(`rate-fell-s-${passed}`);
          }
        }
        expect(idsOf(rules.reported).toSorted()).toEqual(expected.toSorted());
      }),
    );
  });
});

describe('Failures that are alike', () => {
  const alike = (number: number, model = 'gpt-5', credits = number): TailedRun => ({
    ...runOf(number, 0, MINUTE),
    failure: { code: 'LLM_API_ERROR', message: `${credits} credits left for "${model}"` },
  });
  const grouping = () => watcher({ ...RULES, rate: undefined, each: false });

  it('are one notice a minute after the first of them, which is reported at once', () => {
    const rules = grouping();
    expect(idsOf(rules.run(alike(1), 0))).toEqual([`failed-${runId(1)}`]);
    for (const number of [2, 3, 2, 4]) expect(rules.run(alike(number), 59_000)).toEqual([]);
    expect(rules.time(59_999)).toEqual([]);
    const notice = {
      id: `failed-alike-${runId(2)}`,
      type: 'runs.failed',
      occurredAt: time(60_000),
      count: 3,
    };
    const { failure } = alike(4);
    expect(rules.time(60_000)).toEqual([{ ...notice, runIds: [4, 3, 2].map(runId), failure }]);
  });

  it('are one notice for each minute in which they go on, and begin anew after a minute without them', () => {
    const rules = grouping();
    rules.run(alike(1), 0);
    rules.run(alike(2), 30_000);
    rules.time(60_000);
    expect(rules.run(alike(3), 90_000)).toEqual([]);
    expect(rules.time(120_000)).toMatchObject([{ count: 1, runIds: [runId(3)] }]);
    expect(rules.time(180_000)).toEqual([]);
    expect(idsOf(rules.run(alike(4), 181_000))).toEqual([`failed-${runId(4)}`]);
  });

  it('are those of the same code and message, but for ids, numbers and quoted values', () => {
    const rules = grouping();
    const other = { ...alike(3), failure: { code: 'LLM_API_ERROR', message: 'Overloaded' } };
    const runs = [alike(1), alike(2, 'claude'), other];
    expect(runs.map((run) => rules.run(run, 0).length)).toEqual([1, 0, 1]);
  });

  it('are reported also if the clock is set back', () => {
    const rules = grouping();
    for (const number of [1, 2]) rules.run(alike(number), 60 * MINUTE);
    expect(rules.time(30 * MINUTE)).toMatchObject([{ type: 'runs.failed', count: 1 }]);
  });

  it('are reported one by one if there are more than 1,000 kinds', () => {
    const rules = grouping();
    const ofKind = (number: number): TailedRun => ({
      ...runOf(number, 0, MINUTE),
      failure: { code: null, message: number > 1_000 ? 'y' : 'x'.repeat(number) },
    });
    for (let number = 1; number <= 1_002; number++) rules.run(ofKind(number), 0);
    expect(rules.reported.map(({ type }) => type)).toEqual(Array(1_002).fill('run.failed'));
  });

  it('all stand in the one notice or the other, whatever fails when', () => {
    const step = fc.record({ after: fc.nat(50_000), kind: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const rules = grouping();
        let now = 0;
        for (const [number, { after, kind }] of steps.entries()) {
          now += after;
          rules.run(alike(number, 'gpt', 'abc'.charCodeAt(kind)), now);
          rules.time(now);
        }
        rules.time(now + MINUTE);
        const told = rules.reported.flatMap(({ run, runIds }) => (run ? [run.id] : (runIds ?? [])));
        expect(told.toSorted()).toEqual(steps.map((_, number) => runId(number)).toSorted());
        expect(new Set(idsOf(rules.reported)).size).toBe(rules.reported.length);
      }),
    );
  });
});

describe('An alert ends', () => {
  it('when the run that hung has ended, left the list, or is gone', () => {
    const rules = watcher();
    for (const number of [1, 2, 3]) rules.run(runOf(number, 0));
    rules.time(20 * MINUTE);
    rules.run({ ...runOf(1, 0), status: 'CANCELLED', outcome: 'CANCELLED', rawStatus: null });
    rules.removed(runOf(2, 0));
    rules.run(null, 21 * MINUTE, runId(3));
    expect(rules.reported.slice(3)).toMatchObject(
      ['CANCELLED', 'RUNNING', 'gone'].map((reason, index) => ({
        id: `unstuck-${runId(index + 1)}`,
        type: 'run.unstuck',
        resolves: `stuck-${runId(index + 1)}`,
        reason,
      })),
    );
  });

  it('of several runs when the last of them has ended, also while nobody watched', () => {
    const rules = watcher();
    const runs = [1, 2, 3].map((number) => runOf(number, 0));
    rules.active(runs, 20 * MINUTE);
    expect(rules.run(null, 0, runId(2))).toEqual([]);
    expect(rules.active(runs.slice(0, 1), 21 * MINUTE)).toEqual([]);
    expect(rules.active([], 22 * MINUTE)).toMatchObject([
      { type: 'run.unstuck', count: 3, resolves: `stuck-${runId(1)}` },
    ]);
  });

  it('not when the list has more active runs than are read', () => {
    const rules = watcher();
    rules.active([runOf(0, 0)], 20 * MINUTE);
    const newer = Array.from({ length: 1_000 }, (_, index) => runOf(1 + index, 20 * MINUTE));
    expect(rules.active(newer, 21 * MINUTE)).toEqual([]);
  });

  it('when its approval was answered, which is read of the run itself', () => {
    const pending = [1, 2].map((number) => ({
      ...runOf(number, 0),
      approval: { requestedAt: time(0), toolCalls: [call('send', '{}')] },
    }));
    const [memory] = onPending(newMemory('s'), pending, 20 * MINUTE, '10m');
    expect(unlisted(memory, pending.slice(1))).toEqual([runId(1)]);
    const states = ['PENDING', 'ANSWERED'].map((state) => ({ id: runId(1), state }));
    const [[waiting, none], [ended, one]] = [0, 1].map((index) =>
      onPaused(memory, states.slice(index, index + 1), 21 * MINUTE),
    ) as [Step, Step];
    expect([waiting, none]).toEqual([memory, []]);
    expect(Object.keys(ended.alerts)).toEqual([`waiting-${runId(2)}`]);
    const resolves = `waiting-${runId(1)}`;
    expect(one).toMatchObject([
      { type: 'approval.answered', resolves, reason: 'ANSWERED', run: { id: runId(1) } },
    ]);
  });
});

it.each<[string, Partial<Notice> & Pick<Notice, 'type'>]>([
  ['run-1 of helper failed: No credits', { type: 'run.failed' }],
  ['2 more runs failed alike within a minute: No credits', { type: 'runs.failed', count: 2 }],
  ['run-1 of helper has been active for more than 15m', { type: 'run.stuck', limit: '15m' }],
  ['3 runs have been active for more than 15m', { type: 'run.stuck', limit: '15m', count: 3 }],
  ['run-1 of helper is no longer stuck: CANCELLED', { type: 'run.unstuck', reason: 'CANCELLED' }],
  [
    'run-1 of helper has waited for more than 10m for an approval of send({ "a": 1 }), an unnamed tool()',
    {
      type: 'approval.waiting',
      limit: '10m',
      toolCalls: [call('send', '{\n"a": 1 }'), { toolCallId: null, name: null, arguments: null }],
    },
  ],
  [
    'The rate failed>3/10m was passed: 4 runs failed',
    { type: 'rate.passed', limit: 'failed>3/10m', count: 4 },
  ],
  [
    'The rate failed>2/10m has fallen to half of its limit: 1 run failed',
    { type: 'rate.fell', limit: 'failed>2/10m', count: 1 },
  ],
  ['as it was saved', { type: 'rate.passed', message: 'as it was saved' }],
])('A notice says: %s', (message, notice) => {
  const failure = { code: null, message: 'No credits' };
  const run = { id: 'run-1', agentId: agentId(1), createdAt: '', failure };
  expect(messageOf({ id: '', occurredAt: '', failure, run, ...notice }, 'helper')).toBe(message);
});

describe('Of more than 1,000 notices that wait', () => {
  const notice = (number: number): Notice => ({ id: `n${number}`, type: 'run.failed', occurredAt: '' });
  const many = Array.from({ length: 1_000 }, (_, number) => notice(number));

  it('the oldest are dropped and counted, but for the one that is being sent', () => {
    expect(limitWaiting(many, undefined)).toEqual(many);
    const once = limitWaiting([...many, notice(1_000)], many[1]);
    expect(once.length).toBe(1_000);
    expect(once.slice(0, 3)).toMatchObject([
      { id: 'n1' },
      { id: 'dropped-2-since-', type: 'summary', count: 2 },
      { id: 'n3' },
    ]);
    const twice = limitWaiting([...once.slice(1), notice(1_001), notice(1_002)], undefined);
    expect(twice.slice(0, 2)).toMatchObject([{ id: 'dropped-3-since-', count: 3 }, { id: 'n4' }]);
  });

  it('each counts once, however many come at a time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.option(fc.nat(999))), { maxLength: 8 }),
        (additions) => {
          let waiting: readonly Notice[] = [];
          let total = 0;
          for (const [count, sending] of additions) {
            const before = [...waiting, ...many.slice(0, count).map((each) => ({ ...each }))];
            waiting = limitWaiting(before, sending === null ? undefined : waiting[sending]);
            total += count;
          }
          const counted = waiting.map(({ count = 1 }) => count);
          expect(waiting.length).toBe(Math.min(total, 1_000));
          expect(counted.reduce((a, b) => a + b, 0)).toBe(total);
        },
      ),
    );
  });
});

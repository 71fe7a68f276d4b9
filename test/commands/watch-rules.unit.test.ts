import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TailedRun } from '../../src/cli/tail/documents.ts';
import { limitWaiting, type Notice } from '../../src/cli/watch/notice.ts';
import {
  emptyMemory,
  knownSince,
  type Memory,
  onActiveRuns,
  onPending,
  onRun,
  onTime,
  type Rules,
  type Step,
} from '../../src/cli/watch/rules.ts';
import { agentId, runId } from '../support/ids.ts';

const MINUTE = 60_000;
const RULES: Rules = { failed: true, stuck: '15m', waiting: '10m', rate: 'failed>3/10m' };
const time = (ms: number): string => new Date(ms).toISOString();

function runOf(number: number, createdAt: number, failedAt?: number): TailedRun {
  const run = { id: runId(number), agentId: agentId(1), createdAt: time(createdAt), totalDurationNs: null };
  const reason = { stopReason: null, rawStopReason: null };
  const active = { ...run, ...reason, status: 'RUNNING', rawStatus: 'running', completedAt: null } as const;
  if (failedAt === undefined) return { ...active, failure: null, outcome: 'UNFINISHED' };
  const failure = { code: null, message: 'No credits' };
  return {
    ...active,
    status: 'FAILED',
    rawStatus: 'failed',
    completedAt: time(failedAt),
    failure,
    outcome: 'FAILED',
  };
}

/** Rules with the memory of one watcher. */
function watcher() {
  let memory = emptyMemory('s');
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
      apply((before) => onRun(before, { runId: id, run }, now, RULES)),
    removed: (run: TailedRun) =>
      apply((before) => onRun(before, { kind: 'REMOVED', runId: run.id, run }, 0, RULES)),
    active: (runs: readonly TailedRun[], now: number) =>
      apply((before) => onActiveRuns(before, runs, now, RULES)),
    time: (now: number) => apply((before) => onTime(before, now, RULES)),
  };
}
const idsOf = (notices: readonly Notice[]) => notices.map(({ id }) => id);

it('After a gap, runs are read again since ten seconds before the newest, or the oldest that was active', () => {
  const memory = { ...emptyMemory('s'), newest: time(2 * MINUTE) };
  expect(knownSince(memory)).toBe(110_000);
  const active = { 'run-1': runOf(1, MINUTE), 'run-2': runOf(2, 1.5 * MINUTE) };
  expect(knownSince({ ...memory, active })).toBe(50_000);
});

describe('runs-gateway watch reports', () => {
  it('once that a run failed, and why, also if its duration comes later', () => {
    const { run } = watcher();
    const failed = runOf(1, 0, MINUTE);
    expect(run(failed)).toEqual([
      {
        id: `failed-${runId(1)}`,
        type: 'run.failed',
        occurredAt: time(MINUTE),
        message: `${runId(1)} of ${agentId(1)} failed: No credits`,
        run: failed,
      },
    ]);
    // Nor does it count for a rate again.
    for (let again = 0; again < 4; again++) expect(run(failed)).toEqual([]);
  });

  it('no failure again, however many came before it', () => {
    const { run } = watcher();
    for (let number = 1; number <= 3_100; number++) run(runOf(number, 0, MINUTE));
    expect(run(runOf(3_100, 0, MINUTE))).toEqual([]);
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
    const summary = active(
      [1, 2, 3].map((number) => runOf(number, number * MINUTE)),
      17.5 * MINUTE,
    );
    expect(summary).toMatchObject([
      { message: '2 runs have been active for more than 15m', counts: { 'run.stuck': 2 } },
    ]);
    expect(idsOf(at(18 * MINUTE))).toEqual([`stuck-${runId(3)}`]);
  });

  it('an approval that waits, once; not what could not be read, or is gone', () => {
    const pending = {
      ...runOf(1, 0),
      approval: { requestedAt: time(MINUTE), toolCalls: [{ name: 'send' }, { name: 'pay' }] },
    };
    const unread = { ...runOf(2, 0), approval: null };
    const gone = { ...runOf(3, 0), approval: { requestedAt: null, toolCalls: [] } };
    const poll = (memory: Memory, now: number) => onPending(memory, [unread, gone, pending], now, '10m');
    const [early, none] = poll(emptyMemory('s'), 11 * MINUTE - 1);
    const [late, one] = poll(early, 11 * MINUTE);
    expect([none, idsOf(one), poll(late, 12 * MINUTE)[1]]).toEqual([[], [`waiting-${runId(1)}`], []]);
    expect(one[0]?.message).toMatch(/has waited for more than 10m for an approval of send, pay$/);
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
      after: fc.oneof(
        { weight: 9, arbitrary: fc.nat(MINUTE) },
        { weight: 1, arbitrary: fc.nat(12 * MINUTE) },
      ),
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
        for (const { after, what, which } of steps) {
          now += after;
          if (what === 'create' && !created.has(which)) {
            created.set(which, now);
            rules.run(runOf(which, now), now);
          } else if ((what === 'end' || what === 'delete') && created.has(which) && !failed.has(which)) {
            const run = { ...runOf(which, 0), outcome: 'SUCCEEDED' as const };
            rules.run(what === 'end' ? run : null, now, runId(which));
            ended.add(which);
          } else if (what === 'fail' && created.has(which) && !ended.has(which)) {
            rules.run(runOf(which, created.get(which) ?? 0, failed.get(which) ?? now), now);
            if (failed.has(which)) continue;
            failed.set(which, now);
            expected.push(`failed-${runId(which)}`);
            if (!isAbove && failuresSince(now - 10 * MINUTE) > 3) {
              isAbove = true;
              expected.push(`rate-passed-s-${++passed}`);
            }
          } else if (what === 'time') {
            rules.time(now);
            for (const [number, at] of created) {
              const id = `stuck-${runId(number)}`;
              if (
                !failed.has(number) &&
                !ended.has(number) &&
                at + 15 * MINUTE <= now &&
                !expected.includes(id)
              )
                expected.push(id);
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

describe('Of more than 1,000 notices that wait', () => {
  const notice = (number: number): Notice => ({
    id: `n${number}`,
    type: 'run.failed',
    occurredAt: '',
    message: '',
  });
  const many = Array.from({ length: 1_000 }, (_, number) => notice(number));

  it('the oldest are dropped and counted, but for the one that is being sent', () => {
    expect(limitWaiting(many, 0)).toEqual(many);
    const once = limitWaiting([...many, notice(1_000)], 1);
    expect(once.length).toBe(1_000);
    expect(once.slice(0, 3)).toMatchObject([
      { id: 'n0' },
      { id: 'dropped-2-since-', type: 'summary', message: '2 older notices were dropped' },
      { id: 'n3' },
    ]);
    const twice = limitWaiting([...once, notice(1_001)], 0);
    expect(twice.slice(0, 2)).toMatchObject([
      { id: 'dropped-3-since-', counts: { dropped: 3 } },
      { id: 'n3' },
    ]);
    // One of an earlier version, of the state file.
    const before: Notice = { ...notice(0), type: 'summary', counts: { 'run.failed': 300, 'rate.fell': 2 } };
    const [after] = limitWaiting([before, ...many], 0);
    expect(after?.counts).toEqual({ dropped: 303 });
  });

  it('each counts once, however many come at a time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.nat(1)), { maxLength: 8 }),
        (additions) => {
          let waiting: readonly Notice[] = [];
          let total = 0;
          for (const [count, sending] of additions) {
            waiting = limitWaiting([...waiting, ...many.slice(0, count)], Math.min(sending, waiting.length));
            total += count;
          }
          const counted = waiting.map(({ counts = { one: 1 } }) =>
            Object.values(counts).reduce((a, b) => a + b),
          );
          expect(waiting.length).toBe(Math.min(total, 1_000));
          expect(counted.reduce((a, b) => a + b, 0)).toBe(total);
        },
      ),
    );
  });
});

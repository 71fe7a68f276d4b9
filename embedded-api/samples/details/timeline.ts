import type { StoredRun } from '../../model/rows.ts';
import { microsOf } from '../../model/timestamps.ts';
import { stampText } from '../instants.ts';
import { createRandom } from '../random.ts';
import { seedOf } from '../scenarios/index.ts';
import type { Event } from './script.ts';

/** As much of a run as decides when its steps happened. */
export type TimedRun = Pick<StoredRun, 'id' | 'created_at' | 'completed_at'> & {
  readonly run_ns: number | bigint | null;
};

/** How long a step of a run takes on average that hasn't ended, in microseconds. */
const STEP_MICROS = 2_500_000;
/** The part of a step at which the model has answered, and those between which its tools run. */
const [ANSWERED, RETURNED] = [0.7, 0.95];
/** Where a person decides, the model has answered before. */
const [ASKED, DECIDED] = [0.6, 0.8];

const CALLS: ReadonlySet<Event> = new Set<Event>([
  'call',
  'both calls',
  'look-up',
  'failing call',
  'fatal call',
  'wrong call',
  'approved call',
]);

export type Timeline = ReturnType<typeof timelineOf>;

/**
 * Returns when the steps of a run happened; they follow each other without a gap, and end before the run. The same
 * run always has the same.
 */
export function timelineOf(run: TimedRun, steps: number) {
  const random = createRandom(seedOf(run.id) + 1);
  // Not every server stores it.
  const isStartKnown = random.chance(0.75);
  const made = Array.from({ length: steps }, () => ({ weight: 0.5 + random.next(), model: random.next() }));
  const total = made.reduce((sum, { weight }) => sum + weight, 0);
  const span = spanOf(run) ?? STEP_MICROS * steps;
  // A little is left at both ends.
  let next = microsOf(run.created_at) + Math.floor(span * 0.02);
  const spans = made.map(({ weight, model }) => {
    const [start, micros] = [next, Math.floor((span * 0.96 * weight) / total)];
    next += micros;
    return { start, micros, model };
  });
  /** Microseconds from the start of a step until a part of it: tools take more or less of the rest of it. */
  const until = (step: number, part: number, hasTools: boolean): number => {
    const { micros = 0, model = 0 } = spans[step] ?? {};
    const answered = hasTools ? 0.45 + 0.4 * model : 0.93;
    const warped =
      part < ANSWERED
        ? (part / ANSWERED) * answered
        : answered + ((part - ANSWERED) / (1 - ANSWERED)) * (1 - answered);
    return Math.floor(warped * micros);
  };
  return {
    /** When a step ended, in microseconds since the epoch. */
    endOf: (step: number): number => (spans[step]?.start ?? next) + (spans[step]?.micros ?? 0),
    /** When a part of a step happened, from 0 (its start) to 1 (its end); as a timestamp. */
    at: (step: number, part: number, hasTools = true): string =>
      stampText((spans[step]?.start ?? next) + until(step, part, hasTools)),
    /** What was measured of a step. */
    metrics(step: number, event: Event, hasTools: boolean) {
      const { start = 0, micros = 0 } = spans[step] ?? {};
      const isAsked = event === 'request' || event === 'approved call' || event === 'denied call';
      const answered = until(step, event === 'nothing' ? RETURNED : isAsked ? ASKED : ANSWERED, hasTools);
      const called = until(step, isAsked ? DECIDED : ANSWERED, hasTools);
      return {
        step_start_ns: isStartKnown ? BigInt(start) * 1000n : null,
        llm_request_ns: answered * 1000,
        tool_execution_ns: hasTools ? (until(step, RETURNED, true) - called) * 1000 : null,
        step_ns: micros * 1000,
      };
    },
  };
}

/** How long a run took that has ended, in microseconds, by the shorter of two clocks. */
function spanOf({ created_at, completed_at, run_ns }: TimedRun): number | undefined {
  if (completed_at === null) return undefined;
  const span = microsOf(completed_at) - microsOf(created_at);
  return run_ns === null ? span : Math.min(span, Math.floor(Number(run_ns) / 1000));
}

/** Whether tools run in a step. Older agents answer by one. */
export function runsTools(event: Event, isAnswering: boolean): boolean {
  return CALLS.has(event) || (!isAnswering && (event === 'reply' || event === 'cut reply'));
}

import { microsOf, stampText } from '../../rows/stamps.ts';
import type { Run } from '../../store.ts';
import { createRandom } from '../random.ts';
import { seedOf } from '../scenarios/index.ts';
import type { Event } from './script.ts';

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

/**
 * Returns when the steps of a run happened; they follow each other without a gap, and end before the run. The same
 * run always has the same.
 */
export function timesOf(run: Run, script: readonly Event[], isAnswering: boolean) {
  const random = createRandom(seedOf(run.id) + 1);
  // Not every server stores it.
  const isStartKnown = random.chance(0.75);
  const made = script.map((event) => ({ event, weight: 0.5 + random.next(), model: random.next() }));
  const total = made.reduce((sum, { weight }) => sum + weight, 0);
  const span = spanOf(run) ?? STEP_MICROS * script.length;
  // A little is left at both ends.
  let next = microsOf(run.created_at) + Math.floor(span * 0.02);
  return made.map(({ event, weight, model }) => {
    const [start, micros] = [next, Math.floor((span * 0.96 * weight) / total)];
    next += micros;
    const hasTools = runsTools(event, isAnswering);
    const answered = hasTools ? 0.45 + 0.4 * model : 0.93;
    /** Microseconds from the start of the step until a part of it: tools take more or less of the rest of it. */
    const until = (part: number): number => {
      const late = answered + ((part - ANSWERED) / (1 - ANSWERED)) * (1 - answered);
      return Math.floor((part < ANSWERED ? (part / ANSWERED) * answered : late) * micros);
    };
    const isAsked = event === 'request' || event === 'approved call' || event === 'denied call';
    const called = until(isAsked ? DECIDED : ANSWERED);
    return {
      /** When a part of it happened, from 0 (its start) to 1 (its end); as a timestamp. */
      stampOf: (part: number): string => stampText(start + until(part)),
      /** In microseconds since the epoch. */
      end: start + micros,
      /** What was measured of it. */
      metrics: {
        step_start_ns: isStartKnown ? BigInt(start) * 1000n : null,
        llm_request_ns: until(event === 'nothing' ? RETURNED : isAsked ? ASKED : ANSWERED) * 1000,
        tool_execution_ns: hasTools ? (until(RETURNED) - called) * 1000 : null,
        step_ns: micros * 1000,
      },
    };
  });
}

/** How long a run took that has ended, in microseconds, by the shorter of two clocks. */
function spanOf({ created_at, completed_at, run_ns }: Run): number | undefined {
  if (completed_at === null) return undefined;
  const span = microsOf(completed_at) - microsOf(created_at);
  return run_ns === null ? span : Math.min(span, Math.floor(Number(run_ns) / 1000));
}

/** Whether tools run in a step. Older agents answer by one. */
function runsTools(event: Event, isAnswering: boolean): boolean {
  return CALLS.has(event) || (!isAnswering && (event === 'reply' || event === 'cut reply'));
}

import type { NewMessage, RunDetails, RunRow } from '../../model/rows.ts';
import { microsOf } from '../../model/timestamps.ts';
import { stampText } from '../instants.ts';
import { type Actors, actorsOf, type DescribedRun } from './actors.ts';
import { messagesOf, opening, type StepScene } from './messages.ts';
import { scriptOf } from './script.ts';
import { stepRow } from './step-rows.ts';

/** Makes what happened in a sample run, as its row says. The same row always gives the same. */
export function sampleDetails(row: RunRow): RunDetails {
  return describeRun({ ...row, ...JSON.parse(row.json) });
}

/** Makes what happened in a run, and says how long each step took, in microseconds. */
export function describeRun(run: DescribedRun): RunDetails & Pick<Timeline, 'stepMicros'> {
  const actors = actorsOf(run);
  const count = stepCount(actors);
  const timeline = timelineOf(run, count);
  const ids = Array.from({ length: count }, () => actors.newId('step'));
  return {
    steps: ids.map((id, at) => stepRow(actors, id, at, count, timeline)),
    messages: allMessages(actors, ids, timeline),
    stepMicros: timeline.stepMicros,
  };
}

/** As many as the metrics of the run say; of one that wasn't measured or hasn't ended, a few. */
function stepCount({ run, random }: Actors): number {
  if (run.status === 'created') return 0;
  if (run.status === 'running') return random.between(1, 4);
  return run.num_steps === null ? random.between(1, 5) : Number(run.num_steps);
}

function allMessages(actors: Actors, stepIds: readonly string[], timeline: Timeline): NewMessage[] {
  const script = scriptOf(actors, stepIds.length);
  const scene = (at: number, id: string | null): StepScene => ({
    actors,
    id,
    at,
    before: script.slice(0, at),
    time: (part) => timeline.at(at, part),
  });
  return [
    opening(scene(0, null)),
    ...script.flatMap((event, at) => messagesOf(scene(at, stepIds[at] ?? null), event)),
  ];
}

/** How long a step of a run takes that hasn't ended, in microseconds. */
const STEP_MICROS = 2_500_000;

export type Timeline = ReturnType<typeof timelineOf>;

/** Returns when the steps of a run happened; they follow each other without a gap, and end before the run. */
function timelineOf({ created_at, completed_at }: DescribedRun, steps: number) {
  const created = microsOf(created_at);
  const span = completed_at === null ? STEP_MICROS * steps : microsOf(completed_at) - created;
  // A little is left at both ends.
  const stepMicros = Math.floor((span * 0.96) / Math.max(1, steps));
  const startOf = (step: number): number => created + Math.floor(span * 0.02) + step * stepMicros;
  return {
    /** How long each step took, in microseconds. */
    stepMicros,
    /** When a part of a step happened, from 0 (its start) to 1 (its end); as a timestamp. */
    at: (step: number, part: number): string => stampText(startOf(step) + Math.floor(part * stepMicros)),
  };
}

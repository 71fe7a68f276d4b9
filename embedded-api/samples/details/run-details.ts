import type { NewMessage, RunDetails, RunRow } from '../../model/rows.ts';
import { type Actors, actorsOf, type DescribedRun } from './actors.ts';
import { messagesOf, opening, type StepScene } from './messages.ts';
import { scriptOf } from './script.ts';
import { stepRow } from './step-rows.ts';
import { type Timeline, timelineOf } from './timeline.ts';

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

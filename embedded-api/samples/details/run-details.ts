import type { NewMessage, RunDetails, RunRow } from '../../model/rows.ts';
import { type Actors, actorsOf, type DescribedRun } from './actors.ts';
import { messagesOf, opening, type StepScene } from './messages.ts';
import { type Event, scriptOf } from './script.ts';
import { stepRow } from './step-rows.ts';
import { runsTools, type Timeline, timelineOf } from './timeline.ts';

/** Makes what happened in a sample run, as its row says. The same row always gives the same. */
export function sampleDetails(row: RunRow): RunDetails {
  return describeRun({ ...row, ...JSON.parse(row.json) });
}

/** Makes what happened in a run, and says when its steps ended, in microseconds since the epoch. */
export function describeRun(run: DescribedRun): RunDetails & Pick<Timeline, 'endOf'> {
  const actors = actorsOf(run);
  const count = stepCount(actors);
  const timeline = timelineOf(run, count);
  const ids = Array.from({ length: count }, () => actors.newId('step'));
  const steps = ids.map((id, at) => stepRow(actors, id, at, count, timeline));
  const script = scriptOf(actors, count);
  return {
    // A step is measured when it has ended.
    steps: steps.map((step, at) =>
      step['status'] === 'pending'
        ? step
        : { ...step, ...timeline.metrics(at, ...playedBy(actors, script[at])) },
    ),
    messages: allMessages(actors, ids, script, timeline),
    endOf: timeline.endOf,
  };
}

function playedBy({ isAnswering }: Actors, event: Event = 'nothing'): [event: Event, hasTools: boolean] {
  return [event, runsTools(event, isAnswering)];
}

/** As many as the metrics of the run say; of one that wasn't measured or hasn't ended, a few. */
function stepCount({ run, random }: Actors): number {
  if (run.status === 'created') return 0;
  if (run.status === 'running') return random.between(1, 4);
  return run.num_steps === null ? random.between(1, 5) : Number(run.num_steps);
}

function allMessages(
  actors: Actors,
  stepIds: readonly string[],
  script: readonly Event[],
  timeline: Timeline,
): NewMessage[] {
  const scene = (at: number, id: string | null): StepScene => {
    const [, hasTools] = playedBy(actors, script[at]);
    return { actors, id, at, before: script.slice(0, at), time: (part) => timeline.at(at, part, hasTools) };
  };
  return [
    opening(scene(0, null)),
    ...script.flatMap((event, at) => messagesOf(scene(at, stepIds[at] ?? null), event)),
  ];
}

import type { Run, RunDetails } from '../../store.ts';
import { type Actors, actorsOf } from './actors.ts';
import { messagesOf, opening, type StepScene } from './messages.ts';
import { scriptOf } from './script.ts';
import { stepRow } from './step-rows.ts';
import { timesOf } from './timeline.ts';

/**
 * Makes what happened in a run, as its row says, in the order of the lists; and says when its steps ended, in
 * microseconds since the epoch. The same row always gives the same.
 */
export function describeRun(run: Run): RunDetails & { readonly ends: readonly number[] } {
  const actors = actorsOf(run);
  const count = stepCount(actors);
  const ids = Array.from({ length: count }, () => actors.newId('step'));
  const rows = ids.map((id, at) => stepRow(actors, id, at, count));
  const script = scriptOf(actors, count);
  const times = timesOf(run, script, actors.isAnswering);
  const scenes = times.map(({ stampOf }, at): StepScene => ({
    actors,
    id: ids[at] ?? null,
    at,
    before: script.slice(0, at),
    stampOf,
  }));
  const start = times[0]?.stampOf(0) ?? run.created_at;
  return {
    steps: times.map(({ stampOf, metrics }, at) => {
      const row = { ...rows[at], id: ids[at] ?? '', run_id: run.id, created_at: stampOf(0) };
      // A step is measured when it has ended.
      return row.status === 'pending' ? row : { ...row, ...metrics };
    }),
    messages: [
      opening({ actors, id: null, at: 0, before: [], stampOf: () => start }),
      ...scenes.flatMap((scene, at) => messagesOf(scene, script[at])),
    ],
    ends: times.map(({ end }) => end),
  };
}

/** As many as the metrics of the run say; of one that wasn't measured or hasn't ended, a few. */
function stepCount({ run, random }: Actors): number {
  if (run.status === 'created') return 0;
  if (run.status === 'running') return random.between(1, 4);
  return run.num_steps ?? random.between(1, 5);
}

import type { Run } from '../runs/run.ts';
import type { Context } from './context.ts';

/** The runs of one turn, in their order; complete if nothing hides whether there are more. */
export interface RunTurn {
  readonly runs: readonly Run[];
  readonly isComplete: boolean;
}

export const MAX_TURN = 50;

/** Returns the run whose request a run answered; null if none, undefined if that is not known. @throws UpstreamError */
export async function continuedRun(run: Run, { approvals, runById }: Context) {
  const id = await approvals.continuedIdOf(run);
  if (id === undefined || id === null) return id;
  const other = await runById.load(id);
  // After a fork, two conversations have the request of one run.
  return other?.conversationId === run.conversationId ? other : undefined;
}

/** Returns the run that answered the request of a run, as `continuedRun`. @throws UpstreamError */
async function answeringRun(run: Run, { approvals, runById }: Context) {
  const pause = await approvals.pauseOf(run);
  if (pause === null) return null;
  const { state, answeredById } = pause;
  if (answeredById === null) return state === 'UNKNOWN' ? undefined : null;
  return (await runById.load(answeredById)) ?? undefined;
}

/** Follows the answers from a run to both sides, at most {@link MAX_TURN} runs. @throws UpstreamError */
export async function turnOf(run: Run, context: Context): Promise<RunTurn> {
  context.runById.remember([run]);
  const runs = [run];
  const follow = async (step: typeof continuedRun, add: (run: Run) => void): Promise<boolean> => {
    let next: Run | null | undefined = run;
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- Each run is named by the one next to it.
      next = await step(next, context);
      if (next === null) return true;
      if (next === undefined || runs.length === MAX_TURN) return false;
      add(next);
    }
  };
  const hasStart = await follow(continuedRun, (each) => runs.unshift(each));
  const hasEnd = await follow(answeringRun, (each) => runs.push(each));
  return { runs, isComplete: hasStart && hasEnd };
}

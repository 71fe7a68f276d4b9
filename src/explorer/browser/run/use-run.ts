import { type ResponseError, ApiError, asApiError } from '../../../client/api-error.ts';
import type { ExplorerRunQueryVariables } from '../__generated__/graphql.ts';
import { type Facts, type Message, RUN, type Step } from '../documents/run.ts';
import { usePolled } from '../gateway/connection.ts';
import { query } from '../gateway/query.ts';
import { useState } from '../preact.ts';
import { storeAgentNames } from '../runs/agent-names.ts';
import { isActive } from '../runs/states.ts';
import { type Items, joined } from './items.ts';

interface RunState {
  /** Undefined until the run is loaded, null if there is none. */
  readonly run?: Facts | null;
  /** The last steps and messages; undefined until they are loaded. */
  readonly steps?: Items<Step> | undefined;
  readonly messages?: Items<Message> | undefined;
  /** The errors of single fields of the run. */
  readonly errors: readonly ResponseError[];
  /** Why the run could not be read, or is no longer followed. */
  readonly error?: ApiError;
}

/** Which steps and messages to read. */
export type Pages = Omit<ExplorerRunQueryVariables, 'id'>;

/** How many steps and messages are read at first, and of earlier ones with each click. */
export const PAGE = { steps: 50, messages: 100 };
/** How much is read again while a run goes on. It is little, since the gateway requests the times of each step. */
export const NEWEST = { steps: 3, messages: 50, withOrigin: false };

/** Reads a run with its steps and messages, which are joined with those that were read before, until it has ended. */
export function useRun(id: string) {
  const [state, setState] = useState<RunState>({ errors: [] });
  const read = async (pages: Pages, signal?: AbortSignal): Promise<number | undefined> => {
    const { data, errors } = await query(RUN, { id, ...pages }, signal);
    const { run } = data;
    const error = errors.find(({ path = [] }) => path.length < 2);
    if (run === null && error !== undefined) throw new ApiError(error);
    if (run?.agent) storeAgentNames([[run.agentId, run.agent.name]]);
    setState((before) => ({
      // Fields that weren't read again stay.
      run: run && { ...before.run, ...run },
      steps: joined(before.steps, run?.steps, pages.stepsBefore),
      messages: joined(before.messages, run?.messages, pages.messagesBefore),
      errors,
    }));
    return readAgainAfter(run);
  };
  const poll = async (round: number, signal: AbortSignal): Promise<number | undefined> => {
    if (round === 0) {
      await read({ withItems: false, withOrigin: false }, signal);
      return 0;
    }
    const delayMs = await read(round === 1 ? PAGE : NEWEST, signal);
    // More steps and messages than `NEWEST` reads may have come before the end.
    return round > 1 && delayMs === undefined ? read(PAGE, signal) : delayMs;
  };
  const showError = (error: unknown): void => setState((old) => ({ ...old, error: asApiError(error) }));
  const load = (pages: Pages): Promise<unknown> => read(pages).catch(showError);
  return { ...state, load, retry: usePolled(poll, showError) };
}

/** Returns the milliseconds until a run is read again; undefined if it won't change any more. */
function readAgainAfter(run: Facts | null): number | undefined {
  if (!run) return undefined;
  if (run.approval?.state === 'PENDING') return 10_000;
  // An ended run may lack its duration for a moment.
  const endedMs = Date.now() - Date.parse(run.completedAt ?? run.createdAt);
  const isSettled = !isActive(run) && (run.totalDurationNs !== null || endedMs > 60_000);
  return isSettled ? undefined : 3000;
}

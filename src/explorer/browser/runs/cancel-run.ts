import type { ExplorerRowFragment } from '../__generated__/graphql.ts';
import { CANCEL_RUNS } from '../documents/runs.ts';
import { asApiError } from '../gateway/api-error.ts';
import { queryField } from '../gateway/query.ts';
import { createStore } from '../store.ts';

/** The outcome of cancelling a run. */
interface Notice {
  readonly runId: string;
  /** Whether the run was not cancelled. This notice stays until it is dismissed; other notices disappear. */
  readonly isError: boolean;
  readonly text: string;
}

const SHOWN_MS = 8000;

export const cancellations = createStore<{ readonly notices: readonly Notice[] }>({ notices: [] });

/** Removes the notice about a run. */
export function dismiss(runId: string): void {
  cancellations.set({ notices: cancellations.get().notices.filter((notice) => notice.runId !== runId) });
}

function show(runId: string, isError: boolean, text: string): void {
  const notice = { runId, isError, text };
  cancellations.set({ notices: [...cancellations.get().notices, notice] });
  if (isError) return;
  setTimeout(() => {
    if (cancellations.get().notices.includes(notice)) dismiss(runId);
  }, SHOWN_MS);
}

/**
 * Cancels a run, and shows a notice of the outcome.
 *
 * @param name of the run, for the notice
 * @returns the cancelled run; undefined if it could not be read
 */
export async function cancelRun(runId: string, name: string): Promise<ExplorerRowFragment | undefined> {
  dismiss(runId);
  try {
    const { runs, failures } = await queryField(CANCEL_RUNS, { ids: [runId] }, 'cancelRuns');
    const [failure] = failures;
    if (failure === undefined) show(runId, false, `Cancelled: ${name}.`);
    else show(runId, failure.code !== 'ALREADY_ENDED', `${name}: ${failure.message}`);
    return runs[0] ?? undefined;
  } catch (error) {
    show(runId, true, `${name} was not cancelled: ${asApiError(error).message}`);
    return undefined;
  }
}

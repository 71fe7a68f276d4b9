import type { ExplorerRowFragment } from '../__generated__/graphql.ts';
import { CANCEL_RUNS } from '../documents/runs.ts';
import { asApiError } from '../gateway/api-error.ts';
import { queryField } from '../gateway/query.ts';
import { createStore } from '../store.ts';

/** The outcome of cancelling a run. */
interface Notice {
  readonly runId: string;
  /** Whether the run was not cancelled. Such a notice stays until it is dismissed, others go by themselves. */
  readonly isError: boolean;
  readonly text: string;
}

const SHOWN_MS = 8000;

export const cancellations = createStore<{ readonly notices: readonly Notice[] }>({ notices: [] });

/** Takes away what is said of a run. */
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
 * Cancels a run, and says what came of it.
 *
 * @param name of the run, for what is said of it
 * @returns the run as it is now; undefined if that isn't known
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

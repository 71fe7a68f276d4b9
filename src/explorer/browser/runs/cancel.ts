import type { ExplorerRowFragment } from '../__generated__/graphql.ts';
import { CANCEL_RUNS } from '../documents/runs.ts';
import { asApiError } from '../gateway/api-error.ts';
import { queryField } from '../gateway/query-field.ts';
import { createStore } from '../store.ts';
import { isActive, type RunState } from './states.ts';

/** What came of cancelling a run. */
interface Notice {
  readonly runId: string;
  readonly tone: 'good' | 'bad' | 'info';
  readonly text: string;
  /** Whether it holds for as long as the run has not ended; else it is shown for a while. */
  readonly whileActive: boolean;
}

const SHOWN_MS = 8000;

export const cancellations = createStore<{
  readonly notices: readonly Notice[];
  /** The ids of runs that are being cancelled. */
  readonly sending: readonly string[];
}>({ notices: [], sending: [] });

export function forget(runId: string): void {
  cancellations.set({ notices: cancellations.get().notices.filter((notice) => notice.runId !== runId) });
}

/** Takes the place of what was said of the run before. */
function show(notice: Notice): void {
  forget(notice.runId);
  cancellations.set({ notices: [...cancellations.get().notices, notice] });
  if (notice.whileActive) return;
  setTimeout(() => {
    if (cancellations.get().notices.includes(notice)) forget(notice.runId);
  }, SHOWN_MS);
}

/** Tells of a run as it is now: what no longer holds of it goes away. */
export function sawRun(run: RunState & { readonly id: string }): void {
  if (isActive(run)) return;
  const { notices } = cancellations.get();
  if (notices.some(({ runId, whileActive }) => runId === run.id && whileActive)) forget(run.id);
}

/**
 * Cancels a run, and says what came of it.
 *
 * @param name of the run, for what is said of it
 * @returns the run as it is now; undefined if that isn't known
 */
export async function cancelRun(runId: string, name: string): Promise<ExplorerRowFragment | undefined> {
  forget(runId);
  cancellations.set({ sending: [...cancellations.get().sending, runId] });
  try {
    const { runs, failures } = await queryField(CANCEL_RUNS, { ids: [runId] }, 'cancelRuns');
    const [failure] = failures;
    const hasEnded = failure?.code === 'ALREADY_ENDED';
    if (failure === undefined) show({ runId, tone: 'good', text: `Cancelled: ${name}.`, whileActive: false });
    else {
      const tone = hasEnded ? 'info' : 'bad';
      show({ runId, tone, text: `${name}: ${failure.message}`, whileActive: !hasEnded });
    }
    return runs[0] ?? undefined;
  } catch (error) {
    const text = `${name} was not cancelled: ${asApiError(error).message}`;
    show({ runId, tone: 'bad', text, whileActive: true });
    return undefined;
  } finally {
    cancellations.set({ sending: cancellations.get().sending.filter((other) => other !== runId) });
  }
}

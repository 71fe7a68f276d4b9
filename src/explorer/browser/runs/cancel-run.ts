import { asApiError } from '../../../client/api-error.ts';
import type { ExplorerRowFragment } from '../__generated__/graphql.ts';
import { PENDING, type PendingRun } from '../documents/conversations.ts';
import { CANCEL_RUNS } from '../documents/runs.ts';
import { queryField } from '../gateway/query.ts';
import { createStore } from '../store.ts';
import { refreshPending } from './pending.ts';

/** The outcome of cancelling a run. */
interface Notice {
  readonly runId: string;
  /** Whether the run was not cancelled. This notice stays until it is dismissed; other notices disappear. */
  readonly isError: boolean;
  readonly text: string;
  /** The run whose request would have been denied. */
  readonly otherRunId: string | null;
}

const SHOWN_MS = 8000;

export const cancellations = createStore<{ readonly notices: readonly Notice[] }>({ notices: [] });

/** Removes the notice about a run. */
export function dismiss(runId: string): void {
  cancellations.set({ notices: cancellations.get().notices.filter((notice) => notice.runId !== runId) });
}

function show(runId: string, isError: boolean, text: string, otherRunId: string | null = null): void {
  const notice = { runId, isError, text, otherRunId };
  cancellations.set({ notices: [...cancellations.get().notices, notice] });
  if (isError) return;
  setTimeout(() => {
    if (cancellations.get().notices.includes(notice)) dismiss(runId);
  }, SHOWN_MS);
}

/** Finds another run whose request cancelling would deny: the run that waits in the agent's default conversation. */
export async function findDenied({ id, agentId }: ExplorerRowFragment): Promise<PendingRun | undefined> {
  const variables = { agentIds: [agentId], asks: ['PERSON', 'CLIENT', 'UNKNOWN'] } as const;
  const { nodes } = await queryField(PENDING, variables, 'pendingApprovals');
  return nodes.find((run) => run.conversationId === null && run.id !== id);
}

/**
 * Cancels a run, and shows a notice of the outcome.
 *
 * @param name of the run, for the notice
 * @param deniedId the id of another run whose request may be denied
 */
export async function cancelRun(runId: string, name: string, deniedId?: string): Promise<void> {
  dismiss(runId);
  try {
    const variables = { ids: [runId], denyApprovalsOf: deniedId ?? [] };
    const { failures } = await queryField(CANCEL_RUNS, variables, 'cancelRuns');
    const [failure] = failures;
    const wouldDeny = `${name} was not cancelled, which would deny what this run waits for:`;
    if (failure === undefined) show(runId, false, `Cancelled: ${name}.`);
    else if (failure.otherRunId !== null) show(runId, true, wouldDeny, failure.otherRunId);
    else show(runId, failure.code !== 'ALREADY_ENDED', `${name}: ${failure.message}`);
    refreshPending();
  } catch (error) {
    show(runId, true, `${name} was not cancelled: ${asApiError(error).message}`);
  }
}

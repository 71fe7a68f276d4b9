import type { ExplorerRowFragment } from '../__generated__/graphql.ts';
import { PENDING, type PendingRun } from '../documents/approvals.ts';
import { CANCEL_RUNS } from '../documents/runs.ts';
import { asApiError } from '../gateway/api-error.ts';
import { queryField } from '../gateway/query.ts';
import { createStore } from '../store.ts';
import { refreshPending } from './pending.ts';

/** The outcome of cancelling a run. */
interface Notice {
  readonly runId: string;
  /** Whether the run was not cancelled. This notice stays until it is dismissed; other notices disappear. */
  readonly isError: boolean;
  readonly text: string;
  /** A run that the notice is about besides. */
  readonly otherRunId?: string | null | undefined;
}

const SHOWN_MS = 8000;

export const cancellations = createStore<{ readonly notices: readonly Notice[] }>({ notices: [] });

/** Removes the notice about a run. */
export function dismiss(runId: string): void {
  cancellations.set({ notices: cancellations.get().notices.filter((notice) => notice.runId !== runId) });
}

function show(notice: Notice): void {
  cancellations.set({ notices: [...cancellations.get().notices, notice] });
  if (notice.isError) return;
  setTimeout(() => {
    if (cancellations.get().notices.includes(notice)) dismiss(notice.runId);
  }, SHOWN_MS);
}

/** Finds the other run whose request would be denied: the default conversation of the agent waits with it. */
export async function findDenied({ id, agentId }: ExplorerRowFragment): Promise<PendingRun | undefined> {
  const asks = ['PERSON', 'CLIENT', 'UNKNOWN'] as const;
  const variables = { agentIds: [agentId], asks, first: 100 };
  const { nodes } = await queryField(PENDING, variables, 'pendingApprovals');
  return nodes.find((run) => run.conversationId === null && run.id !== id);
}

/**
 * Cancels a run, and shows a notice of the outcome.
 *
 * @param name of the run, for the notice
 * @param denyApprovalsOf the ids of other runs whose requests may be denied
 * @returns the cancelled run; undefined if it could not be read
 */
export async function cancelRun(
  runId: string,
  name: string,
  denyApprovalsOf: readonly string[],
): Promise<ExplorerRowFragment | undefined> {
  dismiss(runId);
  try {
    const variables = { ids: [runId], denyApprovalsOf };
    const { runs, failures } = await queryField(CANCEL_RUNS, variables, 'cancelRuns');
    const [failure] = failures;
    refreshPending();
    const { code, message = '', otherRunId } = failure ?? {};
    const text = code === undefined ? `Cancelled: ${name}.` : `${name}: ${message}`;
    show({ runId, isError: code !== undefined && code !== 'ALREADY_ENDED', text, otherRunId });
    return runs[0] ?? undefined;
  } catch (error) {
    const text = `${name} was not cancelled: ${asApiError(error).message}`;
    show({ runId, isError: true, text });
    return undefined;
  }
}

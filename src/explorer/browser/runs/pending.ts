import { clock } from '../components/run-labels.ts';
import { PENDING, type PendingRun } from '../documents/approvals.ts';
import { brief } from '../format/text.ts';
import { type ApiError, asApiError } from '../gateway/api-error.ts';
import { queryField } from '../gateway/query.ts';
import { createStore, useStore } from '../store.ts';
import { storeAgentNames } from './agent-names.ts';
import { type Filters, searchOf } from './filters.ts';

interface Pending {
  /** The filters by which the runs were selected. */
  readonly search: string;
  /** The newest runs that wait for a person; undefined until they are read. */
  readonly runs: readonly PendingRun[] | undefined;
  /** Whether there are no more of them. */
  readonly isComplete: boolean;
  /** Whether runs have changed since. */
  readonly isStale: boolean;
  readonly error: ApiError | undefined;
}

/** Milliseconds after which the runs are read again, and between two reads while runs change. */
const REFRESH_MS = { unchanged: 15_000, changed: 3000 };

const NONE = { runs: undefined, isComplete: true, isStale: false, error: undefined };
export const pending = createStore<Pending>({ search: '', ...NONE });

/** Has what waits read again soon. */
export const refreshPending = (): void => pending.set({ isStale: true });

/** Follows what waits, while the page is visible, until the returned function is called. */
export function watchPending(filters: Filters): () => void {
  const ended = new AbortController();
  const search = searchOf({ ...filters, status: ['WAITING'] });
  if (pending.get().search !== search) pending.set({ search, ...NONE });
  const { agent = null, conversation: [conversationId] = [] } = filters;
  const variables = { agentIds: agent, conversationId };
  let nextAt = 0;
  const read = async (): Promise<void> => {
    nextAt = Infinity;
    pending.set({ isStale: false });
    try {
      const { nodes: runs, isComplete } = await queryField(
        PENDING,
        variables,
        'pendingApprovals',
        ended.signal,
      );
      storeAgentNames(runs.map((run) => [run.agentId, run.agent?.name ?? null]));
      pending.set({ runs, isComplete, error: undefined });
    } catch (error) {
      if (!ended.signal.aborted) pending.set({ error: asApiError(error) });
    }
    nextAt = Date.now() + REFRESH_MS.unchanged;
  };
  const stop = clock.subscribe(() => {
    const earlierMs = pending.get().isStale ? REFRESH_MS.unchanged - REFRESH_MS.changed : 0;
    if (Date.now() >= nextAt - earlierMs) void read();
  });
  ended.signal.addEventListener('abort', stop);
  void read();
  return () => ended.abort();
}

/** How many runs wait, as a text; empty for none, or if it isn't known. */
export const pendingCount = ({ runs = [], isComplete }: Pick<Pending, 'runs' | 'isComplete'>): string =>
  runs.length === 0 ? '' : `${runs.length}${isComplete ? '' : '+'}`;

/** The run in the list of what waits; undefined if it isn't among them. */
export const usePending = (id: string): PendingRun | undefined =>
  useStore(pending, ({ runs }) => runs?.find((run) => run.id === id));

/** The tool calls that a run paused for, on one line. */
export const callsText = ({ approval }: PendingRun): string =>
  brief(
    (approval?.toolCalls ?? []).map((call) => `${call.name ?? '?'}(${call.arguments ?? ''})`).join(', '),
    300,
  );

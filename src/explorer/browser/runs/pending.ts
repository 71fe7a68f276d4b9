import { type ApiError, asApiError } from '../../../client/api-error.ts';
import { clock } from '../components/run-labels.tsx';
import { PENDING, type PendingRun } from '../documents/conversations.ts';
import { brief, number } from '../format/text.ts';
import { queryField } from '../gateway/query.ts';
import { createStore } from '../store.ts';
import { storeAgentNames } from './agent-names.ts';
import { type Filters, isOfWaiting, searchOf } from './filters.ts';

interface Pending {
  /** The newest runs that wait for a person; undefined until they are read. */
  readonly runs: readonly PendingRun[] | undefined;
  /** Whether `runs` has all runs that wait. */
  readonly isComplete: boolean;
  readonly error: ApiError | undefined;
}

/** Milliseconds between two reads while no run changes, and the least while runs change. */
const REFRESH_MS = { unchanged: 15_000, changed: 5000 };

const UNREAD: Pending = { runs: undefined, isComplete: true, error: undefined };
export const pending = createStore(UNREAD);
/** The filters that the runs were last read with. */
let search: string | undefined;
let isStale = false;

/** Lets the runs that wait be read again soon. */
export const refreshPending = (): void => void (isStale = true);

/** Follows the runs that wait, while the page is visible, until the returned function is called. */
export function watchPending(filters: Filters): () => void {
  const ended = new AbortController();
  const { agent: agentIds = null, conversation: [conversationId] = [] } = filters;
  const before = search;
  search = searchOf({ ...filters, status: ['WAITING'] });
  if (search !== before) pending.set(UNREAD);
  let readAt = 0;
  const read = async (): Promise<void> => {
    [readAt, isStale] = [Infinity, false];
    try {
      const variables = { agentIds, conversationId, withCalls: isOfWaiting(filters['status']) };
      const { nodes, isComplete } = await queryField(PENDING, variables, 'pendingApprovals', ended.signal);
      storeAgentNames(nodes.flatMap(({ agentId, agent }) => (agent ? [[agentId, agent.name] as const] : [])));
      pending.set({ runs: nodes, isComplete, error: undefined });
    } catch (error) {
      if (!ended.signal.aborted) pending.set({ error: asApiError(error) });
    }
    readAt = Date.now();
  };
  // The clock stands still while the page is hidden.
  const stop = clock.subscribe(() => {
    if (Date.now() - readAt >= (isStale ? REFRESH_MS.changed : REFRESH_MS.unchanged)) void read();
  });
  ended.signal.addEventListener('abort', stop);
  void read();
  return () => ended.abort();
}

/** The number of runs that wait; empty if it is 0 or not known. */
export const pendingCount = ({ runs = [], isComplete }: Pending): string =>
  runs.length > 0 ? number(runs.length, isComplete ? 'EXACT' : 'AT_LEAST') : '';

/** The tool calls that a run asks for, on one line. */
export function callsText({ approval }: PendingRun): string {
  const calls = approval?.toolCalls.map((call) => `${call.name ?? '?'}(${call.arguments ?? ''})`) ?? [];
  return brief(calls.join(', '), 300);
}

import { UpstreamError } from '../errors/upstream-error.ts';
import { cantContinue, InvalidCursorError } from '../lists/list-errors.ts';
import { encodeCursor } from '../lists/pages/cursor.ts';
import type { PageArguments } from '../lists/pages/page-arguments.ts';
import type { ApprovalAsks } from '../runs/approvals.ts';
import { MAX_LIST_ROWS } from '../runs/limits.ts';
import type { RunFilter } from '../runs/run-filters.ts';
import { type Run, positionOf } from '../runs/run.ts';
import type { Context } from './context.ts';

export interface PendingApprovalsArguments extends Pick<PageArguments, 'after' | 'size'> {
  /** Selects the runs of some agents, or of one conversation. */
  readonly filter: RunFilter;
  readonly asks: readonly ApprovalAsks[];
}

/** Runs that wait for an answer, newest first; whether all paused runs were looked at, and where to go on if not. */
export type PendingApprovals = Awaited<ReturnType<typeof findPendingApprovals>>;

/** The most agents and conversations that are looked up for one list. */
const MAX_LOOK_UPS = 100;
/** Rows of the first request: the newest runs are the most likely to wait. */
const FIRST_ROWS = 100;
const PAUSED: RunFilter = { statuses: ['completed'], stopReason: 'requires_approval' };
const NEEDS = { rows: true, hasNextPage: true, hasPreviousPage: false };

/**
 * Finds the runs that wait among those that have paused, most of which were answered long ago.
 *
 * @throws InvalidCursorError, UpstreamError
 */
export async function findPendingApprovals(
  { size, filter, asks, after }: PendingApprovalsArguments,
  context: Context,
) {
  const {
    runs,
    options: { scanBudget },
  } = context;
  const nodes: Run[] = [];
  const lookedUp = new Set<string>();
  let last: Run | undefined;
  let isReadable = true;

  const isWanted = async (run: Run): Promise<boolean> => {
    const { approvals } = context;
    try {
      const waiting = await approvals.waitingIn(run);
      if (waiting?.runId !== run.id) return false;
      const pause = await approvals.pauseOf(run);
      return pause !== null && pause.toolCalls.some((call) => asks.includes(call.asks));
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      // A deleted agent has no run that waits. An agent that the API can't read must not hide the others.
      if (error.status === 404 && !error.lacksRoute) return false;
      if (error.status !== 500) throw error;
      return (isReadable = false);
    }
  };
  /** Whether the agent and the conversation of a run may be looked up. */
  const isWithin = ({ agentId, conversationId }: Run): boolean =>
    lookedUp.add(agentId).add(conversationId ?? agentId).size <= MAX_LOOK_UPS;
  /** Takes the runs of a page that wait. @returns whether there is room for more */
  const take = async (page: readonly Run[]): Promise<boolean> => {
    const end = page.findIndex((run) => !isWithin(run));
    const within = end === -1 ? page : page.slice(0, end);
    const wanted = await Promise.all(within.map(isWanted));
    for (const [index, run] of within.entries()) {
      if (nodes.length === size) return false;
      if (wanted[index] === true) nodes.push(run);
      last = run;
    }
    return end === -1;
  };

  /** If the client didn't send the refused cursor, it is that of the last run read, which was deleted meanwhile. */
  const failed = (error: unknown): never => {
    throw error instanceof InvalidCursorError && last !== undefined ? cantContinue(error) : error;
  };

  let hasMore: boolean | undefined = true;
  let cursor = after;
  let read = 0;
  while (hasMore && nodes.length < size && read < scanBudget) {
    const limit = Math.min(read === 0 ? FIRST_ROWS : MAX_LIST_ROWS, scanBudget - read);
    const list = { filter: { ...filter, ...PAUSED }, order: 'desc' } as const;
    const page = { direction: 'forward', size: limit, after: cursor } as const;
    // oxlint-disable-next-line no-await-in-loop -- Each page starts where the one before it ended.
    const { rows, hasNextPage } = await runs.page({ ...list, ...page, before: null }, NEEDS).catch(failed);
    // Pending requests are looked up after the runs, which may have paused meanwhile.
    context.forgetApprovals();
    // oxlint-disable-next-line no-await-in-loop -- What waits may fill the list.
    if (!(await take([...rows]))) break;
    hasMore = hasNextPage;
    read += rows.length;
    cursor = last === undefined ? null : { type: 'position', position: positionOf(last) };
  }
  const endCursor = hasMore && last !== undefined ? encodeCursor(positionOf(last)) : null;
  return { nodes, isComplete: !hasMore && isReadable, endCursor, readUntil: last?.createdAt ?? null };
}

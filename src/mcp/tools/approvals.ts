import * as z from 'zod';
import { ANSWER, PENDING } from '../documents.ts';
import { ageOf } from '../times.ts';
import { agentId, cursor, limit, restOf, runId, tool } from '../tool.ts';

export const listPendingApprovals = tool({
  name: 'list_pending_approvals',
  title: 'List pending approvals',
  description:
    'What waits for a person now: the runs that paused for an approval, newest first, how long ago, and the tool calls with arguments that each asks to make.',
  input: z.strictObject({ agentId: agentId.optional(), limit, cursor: cursor.optional() }),
  document: PENDING,
  variables: ({ agentId: id, limit: first, cursor: after }) => ({ first, after, agentIds: id && [id] }),
  answer({ pendingApprovals }, _args, { now, page }) {
    const { nodes = [], isComplete, endCursor } = pendingApprovals ?? {};
    const items = nodes.map(({ id, agentId: of, agent, approval }) => ({
      runId: id,
      agent: agent?.name,
      agentId: of,
      age: ageOf(approval?.requestedAt, now),
      calls: approval?.toolCalls,
    }));
    const rest = (shown: readonly object[]) => {
      if (shown.length < nodes.length) return restOf(nodes[shown.length - 1]?.id);
      if (isComplete !== true && !endCursor) return 'An agent could not be read: there may be more.';
      return restOf(isComplete === true ? undefined : (endCursor ?? undefined));
    };
    return { facts: { page: page() }, list: { name: 'pending', items, rest } };
  },
});

export const answerApproval = tool({
  name: 'answer_approval',
  title: 'Answer an approval',
  description:
    'Approve or deny the tool calls that a run waits for, all of them at once. An approved call is made, which can not be undone: ask the person you work for first, unless they said what to answer.',
  input: z.strictObject({
    runId,
    answers: z
      .array(
        z.strictObject({
          toolCallId: z.string().min(1).max(500).describe('From list_pending_approvals'),
          approve: z.boolean(),
          reason: z.string().max(1000).optional().describe('Shown to the agent'),
        }),
      )
      .min(1)
      .max(100),
  }),
  writes: { isDestructive: true, isIdempotent: false },
  document: ANSWER,
  variables: (args) => args,
  answer({ answerApproval: answered }, _args, { page }) {
    const id = answered?.run?.id;
    return { facts: { ...answered, page: id === undefined ? null : page(id) } };
  },
});

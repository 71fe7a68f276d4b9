import * as z from 'zod';
import { MAX_ANSWERS, MAX_CANCELLED_RUNS, MAX_REASON } from '../../runs/limits.ts';
import { ANSWER, CANCEL, PENDING } from '../documents.ts';
import { agentId, listOf, namedIn, paging, runId, tool } from '../tool.ts';

const runIds = z.array(runId).min(1).max(MAX_CANCELLED_RUNS);

export const listPendingApprovals = tool({
  name: 'list_pending_approvals',
  description:
    'What waits for a person now: the runs that paused for an approval, newest first, how long ago, and the tool calls with arguments that each asks to make.',
  input: z.strictObject({ agentId: agentId.optional(), ...paging }),
  showsRuns: true,
  document: PENDING,
  variables: ({ agentId: id, limit, cursor }) => ({
    first: limit,
    after: cursor,
    agentIds: id && [id],
    named: namedIn({ agentId: id }),
  }),
  result({ pendingApprovals }, { cursor }) {
    const { nodes, isComplete, endCursor } = pendingApprovals ?? {};
    const rows = nodes?.map(({ pause, ...run }) => {
      if (pause === null) return run;
      const { isAnswerSent, ...request } = pause;
      return {
        ...run,
        answer: isAnswerSent ? 'Sent, but not shown yet: do not answer again.' : null,
        pause: request,
      };
    });
    const end = isComplete === false ? 'An agent could not be read, so there may be more.' : undefined;
    return { list: listOf('pending', rows, isComplete === true ? false : endCursor, { end, cursor }) };
  },
});

export const answerApproval = tool({
  name: 'answer_approval',
  description:
    'Approve or deny the tool calls that a run waits for, all of them at once. An approved call is made, which can not be undone: ask the person you work for first, unless they said what to answer.',
  input: z.strictObject({
    runId,
    answers: z
      .array(
        z.strictObject({
          toolCallId: z.string().min(1).max(500).describe('From list_pending_approvals'),
          approve: z.boolean(),
          reason: z.string().max(MAX_REASON).optional().describe('Shown to the agent'),
        }),
      )
      .min(1)
      .max(MAX_ANSWERS),
  }),
  writes: { destructiveHint: true, idempotentHint: false },
  document: ANSWER,
  variables: (args) => args,
  result({ answerApproval: payload }) {
    const id = payload?.run?.id;
    return { facts: { ...payload, next: id && `wait_for_run with runId ${id} says how it ends.` } };
  },
});

export const cancelRuns = tool({
  name: 'cancel_runs',
  description: `Cancel runs that have not ended, at most ${MAX_CANCELLED_RUNS}. Ask the person you work for first, unless they said so. Says of each run that is not cancelled why.`,
  input: z.strictObject({
    runIds,
    denyApprovalsOf: runIds.optional().describe('Runs whose pending approvals may be denied by this'),
  }),
  writes: { destructiveHint: true, idempotentHint: true },
  showsRuns: true,
  document: CANCEL,
  variables: ({ runIds: ids, denyApprovalsOf }) => ({ ids, denyApprovalsOf }),
  result: (data) => ({ facts: { ...data.cancelRuns } }),
});

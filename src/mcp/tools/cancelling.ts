import * as z from 'zod';
import { CANCEL } from '../documents.ts';
import { runId, tool } from '../tool.ts';

const ids = z.array(runId).min(1).max(10);

export const cancelRuns = tool({
  name: 'cancel_runs',
  title: 'Cancel runs',
  description:
    'Cancel runs that have not ended, at most 10. Ask the person you work for first, unless they said so. Says of each run that is not cancelled why.',
  input: z.strictObject({
    runIds: ids,
    denyApprovalsOf: ids.optional().describe('Runs whose pending approvals may be denied by this'),
  }),
  writes: { isDestructive: true, isIdempotent: true },
  document: CANCEL,
  variables: ({ runIds, denyApprovalsOf }) => ({ ids: runIds, denyApprovalsOf }),
  answer: ({ cancelRuns: cancelled }) => ({ facts: { ...cancelled } }),
});

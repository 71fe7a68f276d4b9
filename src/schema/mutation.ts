import { ArgumentError } from '../errors/gateway-error.ts';
import { MAX_CANCELLED_RUNS } from '../runs/limits.ts';
import { builder } from './builder.ts';
import { CANCEL_DIRECTIVES, CancelRunsPayloadRef } from './cancel-runs.ts';

builder.mutationType({
  description:
    'The root of all mutations. They are executed one after the other, and never by GET. A gateway with `READ_ONLY` has none.',
  fields: (t) => ({
    cancelRuns: t.field({
      type: CancelRunsPayloadRef,
      nullable: true,
      description: `Cancels runs that have not ended, and shows what is true of them afterwards (REST: \`POST /v1/agents/{agent_id}/messages/cancel\`). Runs that wait for approval can be cancelled as well. It is safe to send again: runs that have ended are left alone.`,
      args: {
        ids: t.arg.idList({
          required: true,
          description: `The ids of the runs, at most ${MAX_CANCELLED_RUNS}. Duplicates are cancelled once; without ids nothing is.`,
        }),
      },
      ...CANCEL_DIRECTIVES,
      resolve: async (_root, { ids }, context) => {
        checkNumber(ids);
        const outcomes = await context.cancelRuns(ids);
        return { ids, outcomes };
      },
    }),
  }),
});

/** @throws ArgumentError */
function checkNumber(ids: readonly string[]): void {
  if (ids.length <= MAX_CANCELLED_RUNS) return;
  throw new ArgumentError('ids', `ids: expected at most ${MAX_CANCELLED_RUNS} ids, but got ${ids.length}`);
}

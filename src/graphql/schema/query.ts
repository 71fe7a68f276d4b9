import { builder, LOOK_UP_DIRECTIVES, RUN_LIST_DIRECTIVES } from './builder.ts';
import { RunConnectionRef } from './connection-types.ts';
import { findRun } from './node.ts';
import { RunRef } from './run.ts';
import { listArguments, resolveRunPage } from './runs-field.ts';

builder.queryType({
  description: 'Where every query starts.',
  fields: (t) => ({
    runs: t.field({
      type: RunConnectionRef,
      nullable: true,
      description:
        'Runs of your organization, newest first, a page at a time (REST: `GET /v1/runs/`). Filters combine by AND.',
      args: {
        ...listArguments(t.arg),
        agentId: t.arg.id({ description: 'Only runs of this agent (REST: `agent_id`).' }),
        agentIds: t.arg.idList({
          description: 'Only runs of these agents (REST: `agent_ids`). Not together with `agentId`.',
          deprecationReason: 'REST has deprecated it; use `agentId`.',
        }),
      },
      directives: RUN_LIST_DIRECTIVES,
      resolve: (_root, args, context, info) => resolveRunPage(args, context, info),
    }),
    run: t.field({
      type: RunRef,
      nullable: true,
      description:
        'One run; null where there is none of this id that you can see (REST: `GET /v1/runs/{run_id}`).',
      args: { id: t.arg.id({ required: true, description: 'The id of the run, `run-` and a UUID.' }) },
      directives: LOOK_UP_DIRECTIVES,
      resolve: (_root, { id }, context) => findRun(id, context),
    }),
  }),
});

import { AgentRef } from './agent.ts';
import { RUN_LIST_DIRECTIVES } from './builder.ts';
import { RunConnectionRef } from './connection-types.ts';
import { listArguments } from './list-arguments.ts';
import { NodeRef } from './node.ts';
import { resolveRunPage } from './runs-field.ts';

AgentRef.implement({
  description: 'An AI agent that has runs.',
  interfaces: [NodeRef],
  fields: (t) => ({
    id: t.exposeID('id', { description: "The agent's id, `agent-` and a UUID; the same as in REST." }),
    runs: t.field({
      type: RunConnectionRef,
      nullable: true,
      description: 'The runs of this agent, newest first, a page at a time. Filters are combined with AND.',
      args: listArguments(t.arg, { isOfOneAgent: true }),
      directives: RUN_LIST_DIRECTIVES,
      resolve: (agent, args, context, info) => resolveRunPage({ ...args, agentId: agent.id }, context, info),
    }),
  }),
});

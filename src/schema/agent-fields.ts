import { AGENT_FIELDS } from '../runs/agent-fields.ts';
import { AgentRef } from './agent.ts';
import { LOOK_UP_DIRECTIVES, sharing } from './builder.ts';
import { fieldsOf } from './fields.ts';
import { agentListArguments } from './list-arguments.ts';
import { NodeRef } from './node.ts';
import { resolveRunPage, RUN_PAGE } from './run-connection.ts';

/** For fields of an agent that other services may have as well. One look-up answers all of them. */
const LOOKED_UP = {
  directives: { ...LOOK_UP_DIRECTIVES, shareable: {} },
  extensions: sharing('itself'),
} as const;

AgentRef.implement({
  description: 'An AI agent that has runs.',
  interfaces: [NodeRef],
  fields: (t) => ({
    id: t.exposeID('id', { description: "The agent's id, `agent-` and a UUID; the same as in REST." }),
    ...fieldsOf(t, AGENT_FIELDS, {
      all: LOOKED_UP,
      read: ({ id }, name, { agents }) => agents.read(id, name),
    }),
    runs: t.field({
      ...RUN_PAGE,
      description: 'The runs of this agent, newest first, a page at a time. Filters are combined with AND.',
      args: agentListArguments(t.arg),
      resolve: (agent, args, context, info) => resolveRunPage({ ...args, agentId: agent.id }, context, info),
    }),
  }),
});

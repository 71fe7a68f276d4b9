import { encodeCursor } from '../lists/pages/cursor.ts';
import { AGENT_FIELDS } from '../runs/agent-fields.ts';
import { AGENT_LIST } from '../runs/agent-list.ts';
import { RUN_FILTERS } from '../runs/run-filters.ts';
import { LOOKED_UP, sharing } from './builder.ts';
import { connectionOf, pageField } from './connection.ts';
import { type AgentReference, AgentRef, NodeRef } from './node.ts';
import { resolveRunPage, RUN_PAGE, runListArguments } from './run-connection.ts';
import { fieldsOf } from './table-fields.ts';

const { agentId: _agentId, agentIds: _agentIds, ...OF_AGENT } = RUN_FILTERS;

AgentRef.implement({
  description: 'An AI agent that has runs.',
  interfaces: [NodeRef],
  fields: (t) => ({
    id: t.exposeID('id', { description: "The agent's id, `agent-` and a UUID; the same as in REST." }),
    ...fieldsOf(t, AGENT_FIELDS, {
      // Another subgraph may have these fields as well. One look-up answers all of them.
      all: { directives: { ...LOOKED_UP.directives, shareable: {} }, extensions: sharing('itself') },
      read: async ({ id }, name, { lookUps }) => (await lookUps.ofAgent('agent', id))[name],
    }),
    runs: t.field({
      ...RUN_PAGE,
      description: 'The runs of this agent, newest first, a page at a time. Filters are combined with AND.',
      args: runListArguments(t.arg, OF_AGENT),
      resolve: ({ id }, inputs, context, info) => resolveRunPage({ ...inputs, agentId: id }, context, info),
    }),
  }),
});

export const AGENT_PAGE = pageField(
  connectionOf<AgentReference>(AgentRef, AGENT_LIST, ({ createdInstant = '', id }) =>
    encodeCursor({ key: createdInstant, id }),
  ),
  AGENT_LIST.defaultRows,
);

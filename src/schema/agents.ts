import type { ArgBuilder } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Page } from '../lists/pages/build-page.ts';
import { encodeCursor } from '../lists/pages/cursor.ts';
import { type ConnectionArguments, readPageArguments } from '../lists/pages/page-arguments.ts';
import type { Order } from '../lists/position.ts';
import type { Context } from '../loaders/context.ts';
import { AGENT_FIELDS } from '../runs/agent-fields.ts';
import { AGENT_FILTERS, AGENT_LIST } from '../runs/agent-list.ts';
import type { InputOf } from '../runs/argument-types.ts';
import { LOOK_UP_DIRECTIVES, sharing, type Types } from './builder.ts';
import { connectionOf, pageArguments, pageDirectives } from './connection.ts';
import { SortOrderEnum } from './enums.ts';
import { argumentsOf, readArguments } from './filter-arguments.ts';
import { type AgentReference, AgentRef, NodeRef } from './node.ts';
import { ORDER, resolveRunPage, RUN_PAGE, runListArguments } from './run-connection.ts';
import { pageNeeds } from './selected-fields.ts';
import { fieldsOf } from './table-fields.ts';

AgentRef.implement({
  description: 'An AI agent that has runs.',
  interfaces: [NodeRef],
  fields: (t) => {
    const { agentId: _agentId, agentIds: _agentIds, ...args } = runListArguments(t.arg);
    return {
      id: t.exposeID('id', { description: "The agent's id, `agent-` and a UUID; the same as in REST." }),
      ...fieldsOf(t, AGENT_FIELDS, {
        // Another subgraph may have these fields as well. One look-up answers all of them.
        all: { directives: { ...LOOK_UP_DIRECTIVES, shareable: {} }, extensions: sharing('itself') },
        read: ({ id }, name, { readAgent }) => readAgent(id, name),
      }),
      runs: t.field({
        ...RUN_PAGE,
        description: 'The runs of this agent, newest first, a page at a time. Filters are combined with AND.',
        args,
        resolve: ({ id }, inputs, context, info) => resolveRunPage({ ...inputs, agentId: id }, context, info),
      }),
    };
  },
});

/** For fields that return a page of agents. */
export const AGENT_PAGE = {
  type: connectionOf<AgentReference>(AgentRef, AGENT_LIST, ({ createdInstant = '', id }) =>
    encodeCursor({ key: createdInstant, id }),
  ),
  nullable: true,
  directives: pageDirectives(5, AGENT_LIST.defaultRows),
} as const;

/** Defines the arguments of the list of agents, in their order in the schema. */
export function agentListArguments(arg: ArgBuilder<Types>) {
  return {
    ...pageArguments(arg, AGENT_LIST),
    ...argumentsOf(arg, AGENT_FILTERS),
    order: arg({ type: SortOrderEnum, description: ORDER }),
  };
}

interface AgentListInput extends ConnectionArguments, InputOf<typeof AGENT_FILTERS> {
  readonly order?: Order | null | undefined;
}

/** Resolves a field to a page of agents. @throws ArgumentError, InvalidCursorError, UpstreamError */
export async function resolveAgentPage(
  args: AgentListInput,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Page<AgentReference>> {
  const page = readPageArguments(args, AGENT_LIST);
  const filter = readArguments(AGENT_FILTERS, args);
  return context.page(AGENT_LIST, { ...page, filter, order: args.order ?? 'desc' }, pageNeeds(info));
}

import type { ArgBuilder } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Page } from '../lists/pages/connection.ts';
import { encodeCursor } from '../lists/pages/cursor.ts';
import { type ConnectionArguments, readPageArguments } from '../lists/pages/page-arguments.ts';
import type { Order } from '../lists/position.ts';
import type { Context } from '../loaders/context.ts';
import { AGENT_FILTERS, AGENT_LIST } from '../runs/agent-list.ts';
import type { GivenOf } from '../runs/argument.ts';
import { type Agent, AgentRef } from './agent.ts';
import type { builder } from './builder.ts';
import { connectionOf, pageArguments, pageDirectives } from './connection.ts';
import { SortOrderEnum } from './enums.ts';
import { argumentsOf, readArguments } from './selection-arguments.ts';
import { askedOf } from './selection.ts';

const NAMES = { one: 'agent', many: 'agents' };

/** For fields that return a page of agents. */
export const AGENT_PAGE = {
  type: connectionOf<Agent>(AgentRef, NAMES, ({ createdInstant = '', id }) =>
    encodeCursor({ key: createdInstant, id }),
  ),
  nullable: true,
  directives: pageDirectives(5, AGENT_LIST.defaultRows),
} as const;

interface AgentListInput extends ConnectionArguments, GivenOf<typeof AGENT_FILTERS> {
  readonly order?: Order | null | undefined;
}

/** Defines the arguments of the list of agents, in their order in the schema. */
export function agentArguments(arg: ArgBuilder<typeof builder.$inferSchemaTypes>) {
  return {
    ...pageArguments(arg, NAMES),
    ...argumentsOf(arg, AGENT_FILTERS),
    order: arg({
      type: SortOrderEnum,
      description: 'The sort order of the list, by time of creation. The default is DESC, newest first.',
    }),
  };
}

/** Resolves a field to a page of agents. @throws ArgumentError, InvalidCursorError, UpstreamError */
export async function resolveAgentPage(
  { order, ...args }: AgentListInput,
  { agents }: Context,
  info: GraphQLResolveInfo,
): Promise<Page<Agent>> {
  const page = readPageArguments(args, AGENT_LIST);
  const filter = readArguments(AGENT_FILTERS, args);
  return agents.page({ ...page, filter, order: order ?? 'desc' }, askedOf(info).needs);
}

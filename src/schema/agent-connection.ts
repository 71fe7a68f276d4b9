import type { ArgBuilder } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { ArgumentError } from '../errors/gateway-error.ts';
import { quote } from '../lists/errors.ts';
import type { Page } from '../lists/pages/connection.ts';
import { encodeCursor } from '../lists/pages/cursor.ts';
import { type ConnectionArguments, readPageArguments } from '../lists/pages/page-arguments.ts';
import type { Order } from '../lists/position.ts';
import type { Context } from '../loaders/context.ts';
import { AGENT_LIST, type AgentFilter, patternOf } from '../runs/agent-list.ts';
import { distinct } from '../runs/argument.ts';
import { type Agent, AgentRef } from './agent.ts';
import type { builder } from './builder.ts';
import { connectionOf, pageArguments, pageDirectives } from './connection.ts';
import { SortOrderEnum } from './enums.ts';
import { askedOf } from './run-connection.ts';

const NAMES = { one: 'agent', many: 'agents' };
/** Characters in a text that is searched for. */
const MAX_TEXT = 200;
const MAX_TAGS = 100;

/** For fields that return a page of agents. */
export const AGENT_PAGE = {
  type: connectionOf<Agent>(AgentRef, NAMES, ({ createdInstant = '', id }) =>
    encodeCursor({ key: createdInstant, id }),
  ),
  nullable: true,
  directives: pageDirectives(5, AGENT_LIST.defaultRows),
} as const;

interface AgentListInput extends ConnectionArguments {
  readonly name?: string | null | undefined;
  readonly search?: string | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
  readonly order?: Order | null | undefined;
}

/** Defines the arguments of the list of agents, in their order in the schema. */
export function agentArguments(arg: ArgBuilder<typeof builder.$inferSchemaTypes>) {
  return {
    ...pageArguments(arg, NAMES),
    name: arg.string({
      description: `Only agents with exactly this name, 1 to ${MAX_TEXT} characters.`,
    }),
    search: arg.string({
      description: `Only agents whose name contains this text, in any case, 1 to ${MAX_TEXT} characters (REST: \`query_text\`). \`%\` and \`_\` stand for themselves.`,
    }),
    tags: arg.stringList({
      description: `Only agents with at least one of these tags, at most ${MAX_TAGS}.`,
    }),
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
  return agents.page({ page, filter: readFilter(args), order: order ?? 'desc', needs: askedOf(info).needs });
}

/** Absent and null are no filter. @throws ArgumentError */
function readFilter({ name, search, tags }: AgentListInput): AgentFilter {
  return {
    ...(name != null && { name: readText('name', name) }),
    ...(search != null && { search: patternOf(readText('search', search)) }),
    ...(tags != null && { tags: distinct('tags', tags, MAX_TAGS).map((tag) => readText('tags', tag)) }),
  };
}

function readText(argument: string, given: string): string {
  if (given !== '' && given.length <= MAX_TEXT && given.isWellFormed() && !given.includes('\0')) return given;
  throw new ArgumentError(
    argument,
    `${argument}: expected a text of 1 to ${MAX_TEXT} characters without NUL, but got ${quote(given)}`,
  );
}

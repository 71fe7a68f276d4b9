import type { InputTypeParam } from '@pothos/core';
import { quote } from '../../pagination/errors.ts';
import { RunArgumentError } from '../../runs/errors.ts';
import { IDS } from '../../runs/ids.ts';
import { enumValues, type RunEnum, type RunEnumValue } from '../../runs/run-enums.ts';
import type { RunFilter, RunFilterName } from '../../runs/run-filters.ts';
import type { builder } from './builder.ts';
import { RunStatusEnum, StopReasonEnum, UNRECOGNIZED } from './enums.ts';

/** The argument of a filter, as GraphQL has it. */
export interface FilterArgument<Name extends RunFilterName, Given> {
  readonly type: InputTypeParam<typeof builder.$inferSchemaTypes>;
  readonly description: string;
  readonly deprecationReason?: string;
  /** A filter that it can't be given with. */
  readonly contradicts?: RunFilterName;
  /** Whether it chooses agents: lists of one agent don't have it. */
  readonly choosesAgents?: true;
  /** The filter that is meant; undefined for none. @throws RunArgumentError */
  readonly read: (given: Given, argument: string) => RunFilter[Name];
}

/** Agents of one filter: their ids have to fit into an address. */
const MAX_AGENTS = 500;

/** The arguments of all filters. Their order is that of `RUN_FILTERS`. */
export const FILTER_ARGUMENTS = {
  statuses: {
    type: [RunStatusEnum],
    description: 'Only runs with one of these statuses. Not together with `active`.',
    read: (given: readonly EnumInput<'status'>[], argument: string) =>
      distinct(argument, given).map((status) => known('status', status, argument)),
  },
  active: {
    type: 'Boolean',
    description:
      'If true, only runs that are CREATED or RUNNING. False is no filter. Not together with `statuses`.',
    contradicts: 'statuses',
    read: (given: boolean) => (given ? given : undefined),
  },
  stopReason: {
    type: StopReasonEnum,
    description: 'Only runs that ended for this reason (REST: `stop_reason`).',
    read: (given: EnumInput<'stop_reason'>, argument: string) => known('stop_reason', given, argument),
  },
  agentId: {
    type: 'ID',
    description: 'Only runs of this agent (REST: `agent_id`).',
    contradicts: 'agentIds',
    choosesAgents: true,
    read: (given: string, argument: string) => idOf('agent', given, argument),
  },
  agentIds: {
    type: ['ID'],
    description: `Only runs of these agents, at most ${MAX_AGENTS} (REST: \`agent_ids\`). Not together with \`agentId\`.`,
    deprecationReason:
      'REST has deprecated it. For one agent use `agentId`; for several, ask for `runs(agentId: …)` once for each, under an alias.',
    choosesAgents: true,
    read: (given: readonly string[], argument: string) =>
      distinct(argument, given, MAX_AGENTS).map((id) => idOf('agent', id, argument)),
  },
  conversationId: {
    type: 'ID',
    description: 'Only runs of this conversation (REST: `conversation_id`).',
    read: (given: string, argument: string) => idOf('conversation', given, argument),
  },
  background: {
    type: 'Boolean',
    description: 'Only runs that were, or were not, made in background mode.',
    read: (given: boolean) => given,
  },
} as const satisfies { readonly [Name in RunFilterName]: FilterArgument<Name, never> };

/** The values of filters as GraphQL hands them over. */
export type FilterInput = {
  readonly [Name in RunFilterName]?:
    | Parameters<(typeof FILTER_ARGUMENTS)[Name]['read']>[0]
    | null
    | undefined;
};

type EnumInput<Name extends RunEnum> = RunEnumValue<Name> | typeof UNRECOGNIZED;

/** The values of a list, each once: at least one, and no more than `max`. */
function distinct<Value>(argument: string, values: readonly Value[], max = Infinity): readonly Value[] {
  if (values.length === 0) {
    throw new RunArgumentError(
      argument,
      `${argument}: expected at least one value, but got an empty list; leave it out for no filter`,
    );
  }
  const different = [...new Set(values)];
  if (different.length <= max) return different;
  throw new RunArgumentError(
    argument,
    `${argument}: expected at most ${max} different values, but got ${different.length}`,
  );
}

function idOf(kind: keyof typeof IDS, id: string, argument: string): string {
  const { pattern, example } = IDS[kind];
  if (pattern.test(id)) return id;
  throw new RunArgumentError(
    argument,
    `${argument}: expected the id of ${kind === 'agent' ? 'an' : 'a'} ${kind}, such as ${example}, but got ${quote(id)}`,
  );
}

function known<Name extends RunEnum>(
  name: Name,
  value: EnumInput<Name>,
  argument: string,
): RunEnumValue<Name> {
  if (value !== UNRECOGNIZED) return value;
  const allowed = enumValues(name).map((wire) => wire.toUpperCase());
  throw new RunArgumentError(
    argument,
    `${argument}: UNRECOGNIZED is only for answers and can't be filtered by; expected one of ${allowed.join(', ')}`,
  );
}

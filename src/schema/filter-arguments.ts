import type { InputTypeParam } from '@pothos/core';
import { ArgumentError } from '../errors/gateway-error.ts';
import { quote } from '../lists/errors.ts';
import { IDS } from '../runs/ids.ts';
import { enumValues, type RunEnum, type RunEnumValue } from '../runs/run-enums.ts';
import type { RunFilter, RunFilterName } from '../runs/run-filters.ts';
import type { builder } from './builder.ts';
import { ENUM_REFS, UNRECOGNIZED } from './enums.ts';

/** The GraphQL argument of a filter. */
export interface FilterArgument<Name extends RunFilterName, Given> {
  readonly type: InputTypeParam<typeof builder.$inferSchemaTypes>;
  readonly description: string;
  readonly deprecationReason?: string;
  /** A filter that it can't be combined with. */
  readonly contradicts?: RunFilterName;
  /** Whether it selects agents: lists of one agent don't have it. */
  readonly selectsAgents?: true;
  /** Validates the argument and returns the filter; undefined for none. @throws ArgumentError */
  readonly read: (given: Given, argument: string) => RunFilter[Name];
}

/** Agents in one filter. More than about 140 take several upstream requests: the ids don't fit into one address. */
const MAX_FILTERED_AGENTS = 500;

/** The arguments of all filters; `RUN_FILTERS` determines their order in the schema. */
export const FILTER_ARGUMENTS = {
  statuses: {
    type: [ENUM_REFS.status],
    description: 'Only runs with one of these statuses. Cannot be combined with `active`.',
    read: (given: readonly EnumInput<'status'>[], argument: string) =>
      distinct(argument, given).map((status) => known('status', status, argument)),
  },
  active: {
    type: 'Boolean',
    description:
      'If true, only runs that are CREATED or RUNNING. False has no effect. Cannot be combined with `statuses`.',
    contradicts: 'statuses',
    read: (given: boolean) => (given ? given : undefined),
  },
  stopReason: {
    type: ENUM_REFS.stop_reason,
    description: 'Only runs that ended for this reason (REST: `stop_reason`).',
    read: (given: EnumInput<'stop_reason'>, argument: string) => known('stop_reason', given, argument),
  },
  agentId: {
    type: 'ID',
    description: 'Only runs of this agent (REST: `agent_id`).',
    contradicts: 'agentIds',
    selectsAgents: true,
    read: (given: string, argument: string) => idOf('agent', given, argument),
  },
  agentIds: {
    type: ['ID'],
    description: `Only runs of these agents, at most ${MAX_FILTERED_AGENTS} (REST: \`agent_ids\`). Cannot be combined with \`agentId\`.`,
    deprecationReason:
      'Deprecated in REST. For one agent use `agentId`; for several, select `runs(agentId: …)` once per agent under aliases.',
    selectsAgents: true,
    read: (given: readonly string[], argument: string) =>
      distinct(argument, given, MAX_FILTERED_AGENTS).map((id) => idOf('agent', id, argument)),
  },
  conversationId: {
    type: 'ID',
    description: 'Only runs of this conversation (REST: `conversation_id`).',
    read: (given: string, argument: string) => idOf('conversation', given, argument),
  },
  background: {
    type: 'Boolean',
    description: 'If true, only runs in background mode; if false, only runs that are not.',
    read: (given: boolean) => given,
  },
} as const satisfies { readonly [Name in RunFilterName]: FilterArgument<Name, never> };

/** The values of the filter arguments as resolvers receive them. */
export type FilterInput = {
  readonly [Name in RunFilterName]?:
    | Parameters<(typeof FILTER_ARGUMENTS)[Name]['read']>[0]
    | null
    | undefined;
};

type EnumInput<Name extends RunEnum> = RunEnumValue<Name> | typeof UNRECOGNIZED;

/** Removes duplicates from a list. @throws ArgumentError unless 1 to `max` values remain */
export function distinct<Value>(
  argument: string,
  values: readonly Value[],
  max = Infinity,
): readonly Value[] {
  if (values.length === 0) {
    throw new ArgumentError(
      argument,
      `${argument}: expected at least one value, but got an empty list; omit the argument for no filter`,
    );
  }
  const unique = [...new Set(values)];
  if (unique.length <= max) return unique;
  throw new ArgumentError(
    argument,
    `${argument}: expected at most ${max} different values, but got ${unique.length}`,
  );
}

function idOf(kind: keyof typeof IDS, id: string, argument: string): string {
  const { pattern, example } = IDS[kind];
  if (pattern.test(id)) return id;
  throw new ArgumentError(
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
  throw new ArgumentError(
    argument,
    `${argument}: UNRECOGNIZED can't be used as a filter; expected one of ${allowed.join(', ')}`,
  );
}

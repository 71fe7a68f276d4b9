import { quote } from '../../pagination/errors.ts';
import { RunArgumentError } from '../../runs/errors.ts';
import type { RunFilter, RunOrder } from '../../runs/query.ts';
import { RUN_STATUSES, type RunStatus, STOP_REASONS, type StopReason } from '../../runs/run.ts';
import { UNRECOGNIZED } from './enums.ts';

/** The filter and order arguments of a list as GraphQL hands them over. */
export interface RunArguments {
  readonly active?: boolean | null | undefined;
  readonly agentId?: string | null | undefined;
  readonly agentIds?: readonly string[] | null | undefined;
  readonly ascending?: boolean | null | undefined;
  readonly background?: boolean | null | undefined;
  readonly conversationId?: string | null | undefined;
  readonly order?: RunOrder | null | undefined;
  readonly statuses?: readonly (RunStatus | typeof UNRECOGNIZED)[] | null | undefined;
  readonly stopReason?: StopReason | typeof UNRECOGNIZED | null | undefined;
}

export interface RunQuery {
  readonly filter: RunFilter;
  readonly order: RunOrder;
}

/** Agents of one filter: their ids have to fit into an address. */
const MAX_AGENTS = 500;
const AGENT_ID = /^agent-[0-9A-Za-z_-]{1,128}$/;
const CONVERSATION_ID = /^[\x21-\x7e]{1,128}$/;

/**
 * Checks the arguments. REST settles a contradiction by dropping one side in silence, takes an
 * empty id for none, and so answers with other runs than asked for; here each is an error.
 *
 * @throws RunArgumentError
 */
export function readRunQuery(args: RunArguments): RunQuery {
  refuseBoth('active', args.active === true, 'statuses', given(args.statuses));
  refuseBoth('agentId', given(args.agentId), 'agentIds', given(args.agentIds));
  if (args.ascending === true && args.order === 'desc') {
    throw new RunArgumentError(
      'ascending',
      'ascending and order: ascending: true contradicts order: DESC; leave ascending out, it is deprecated',
    );
  }
  const filter: RunFilter = {
    ...(args.active === true && { active: true }),
    ...(given(args.agentId) && { agentId: agentId('agentId', args.agentId) }),
    ...(given(args.agentIds) && {
      agentIds: distinct('agentIds', args.agentIds, MAX_AGENTS).map((id) => agentId('agentIds', id)),
    }),
    ...(given(args.background) && { background: args.background }),
    ...(given(args.conversationId) && { conversationId: conversationId(args.conversationId) }),
    ...(given(args.statuses) && {
      statuses: distinct('statuses', args.statuses, RUN_STATUSES.length + 1).map((status) =>
        recognized('statuses', status, RUN_STATUSES),
      ),
    }),
    ...(given(args.stopReason) && { stopReason: recognized('stopReason', args.stopReason, STOP_REASONS) }),
  };
  return { filter, order: args.order ?? (args.ascending === true ? 'asc' : 'desc') };
}

function given<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

function refuseBoth(one: string, hasOne: boolean, other: string, hasOther: boolean): void {
  if (hasOne && hasOther) {
    throw new RunArgumentError(one, `${one} and ${other}: expected at most one of the two, but got both`);
  }
}

/** The values of a list, each once: at least one, and no more than `max`. */
function distinct<T>(argument: string, values: readonly T[], max: number): readonly T[] {
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

function agentId(argument: string, id: string): string {
  if (AGENT_ID.test(id)) return id;
  throw new RunArgumentError(
    argument,
    `${argument}: expected the id of an agent, such as agent-123e4567-e89b-42d3-a456-426614174000, but got ${quote(id)}`,
  );
}

function conversationId(id: string): string {
  if (CONVERSATION_ID.test(id)) return id;
  throw new RunArgumentError(
    'conversationId',
    `conversationId: expected the id of a conversation, such as conv-123e4567-e89b-42d3-a456-426614174000, but got ${quote(id)}`,
  );
}

function recognized<Wire extends string>(
  argument: string,
  value: Wire | typeof UNRECOGNIZED,
  known: readonly Wire[],
): Wire {
  if (value !== UNRECOGNIZED) return value;
  const allowed = known.map((wire) => wire.toUpperCase()).join(', ');
  throw new RunArgumentError(
    argument,
    `${argument}: UNRECOGNIZED is only for answers and can't be filtered by; expected one of ${allowed}`,
  );
}

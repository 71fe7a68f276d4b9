import { buildSchema, printSchema } from 'graphql';
import { schema } from '../../src/schema/index.ts';
import { placed, relayPage } from '../core/relay-model.ts';
import { nameOf } from '../support/agents.ts';
import { expectedRun } from '../support/expected-run.ts';
import type { RandomRun } from '../support/random-runs.ts';

/** The served schema without its resolvers: graphql-js reads properties of plain objects, and calls methods. */
export const plainSchema = buildSchema(printSchema(schema));

type Given<Name extends string, Value> = { readonly [Key in Name]?: Value | null };
/** The arguments of a list that random operations have. */
type ListArguments = Given<'first' | 'last', number> &
  Given<'after' | 'before' | 'agentId', string> &
  Given<'active' | 'background', boolean> &
  Given<'statuses', readonly string[]> &
  Given<'order', 'ASC' | 'DESC'>;

/**
 * The root of a query as plain data.
 *
 * @param runs in memory, oldest first
 * @param cursorOf the cursors of runs by their ids, which only the gateway knows
 */
export function plainData(runs: readonly RandomRun[], cursorOf: ReadonlyMap<string, string>): object {
  const list = placed(runs);
  const runById = new Map(runs.map((run) => [run.id, nodeOf(run)]));
  const idOfCursor = new Map(Array.from(cursorOf, ([id, cursor]) => [cursor, id]));

  function nodeOf(run: RandomRun): object {
    // A run that is looked up has the same agent as in a list.
    return { ...expectedRun(run), __typename: 'Run', agent: agentOf(run.agent_id) };
  }

  function agentOf(id: string): object {
    const runsOf = (args: ListArguments) => connection({ ...args, agentId: id });
    return { __typename: 'Agent', id, name: nameOf(id), tags: [], lastStopReason: null, runs: runsOf };
  }

  function rowAt(cursor: string | null | undefined) {
    if (cursor === null || cursor === undefined) return undefined;
    const id = idOfCursor.get(cursor) ?? cursor;
    return list.find(({ row }) => row.id === id) ?? refuse('There is no such cursor');
  }

  function connection(args: ListArguments): object {
    const { first, last, statuses, active, agentId, background } = args;
    const isSize = (size: number | null | undefined) => size == null || (size >= 0 && size <= 1000);
    if (!isSize(first) || !isSize(last) || (first != null && last != null)) refuse('first, last');
    if (statuses?.length === 0 || statuses?.includes('UNRECOGNIZED')) refuse('statuses');
    if (statuses != null && active === true) refuse('active');
    if (agentId != null && !agentId.startsWith('agent-')) refuse('agentId');
    const matches = (run: RandomRun): boolean =>
      (statuses == null || statuses.includes(run.status.toUpperCase())) &&
      (active !== true || ['created', 'running'].includes(run.status)) &&
      (agentId == null || run.agent_id === agentId) &&
      (background == null || run.background === background);
    const matching = list.filter(({ row }) => matches(row));
    const { rows, ...flags } = relayPage(matching, {
      order: args.order === 'ASC' ? 'asc' : 'desc',
      first: first ?? (last == null ? 100 : undefined),
      last: last ?? undefined,
      after: rowAt(args.after),
      before: rowAt(args.before),
    });
    const edges = rows.map(({ row }) => ({ cursor: cursorOf.get(row.id), node: nodeOf(row) }));
    const [startCursor, endCursor] = [edges[0], edges.at(-1)].map((edge) => edge?.cursor ?? null);
    return { edges, nodes: edges.map(({ node }) => node), pageInfo: { ...flags, startCursor, endCursor } };
  }

  const agentIds = new Set(runs.map(({ agent_id }) => agent_id));
  const node = (id: string): object | null => (agentIds.has(id) ? agentOf(id) : (runById.get(id) ?? null));
  return {
    _service: {},
    runs: connection,
    run: ({ id }: { id: string }) => runById.get(id) ?? null,
    node: ({ id }: { id: string }) => node(id),
    nodes: ({ ids }: { ids: readonly string[] }) => ids.map(node),
  };
}

function refuse(message: string): never {
  throw new Error(message);
}

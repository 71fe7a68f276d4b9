import { ApiError } from '../../client/api-error.ts';
import type * as Types from './__generated__/graphql.ts';
import { execute } from './execute.ts';
import type { ListConfig } from './list-settings.ts';

const RUN_FIELDS =
  'id status rawStatus stopReason rawStopReason agentId createdAt completedAt totalDurationNs outcome failure { code message }';
const FILTERS = 'agentId: $agentId, statuses: $statuses';
export const LAST_RUNS = `query Last($first: Int!, $agentId: ID, $statuses: [RunStatus!], $outcomes: [RunOutcome!], $withCursor: Boolean = true) {
  runs(first: $first, outcomes: $outcomes, ${FILTERS}) { nodes { ${RUN_FIELDS} } eventsCursor @include(if: $withCursor) }
}`;
export const AGENT = `query Agent($ids: [ID!]!) { nodes(ids: $ids) { id ... on Agent { name } } }`;
export const RUN_EVENTS = `subscription Tail($agentId: ID, $statuses: [RunStatus!], $after: String) {
  runEvents(${FILTERS}, after: $after) { kind runId run { ${RUN_FIELDS} } cursor }
}`;

type RunList = NonNullable<Types.LastQuery['runs']>;
export type TailedRun = RunList['nodes'][number];
export type RunFailure = NonNullable<TailedRun['failure']>;
export type RunEvent = NonNullable<Types.TailSubscription['runEvents']>;
/** A change of a list of runs. */
export type RunChange = Pick<RunEvent, 'runId' | 'run'> & { readonly kind: string };

/** Reads a list, newest first, and the cursor after which events report changes. @param first the number of runs */
export async function readList(config: ListConfig, first: number) {
  const { nodes, eventsCursor } = await read(config, { first });
  if (eventsCursor === undefined) throw new Error('The cursor was not asked for');
  return { nodes, cursor: eventsCursor };
}

/** Reads the newest runs, newest first. @param variables `first`, and filters that replace those of the list */
export async function readRuns(config: ListConfig, variables: object): Promise<readonly TailedRun[]> {
  return (await read(config, { ...variables, withCursor: false })).nodes;
}

async function read(config: ListConfig, variables: object): Promise<RunList> {
  const [data] = await Array.fromAsync(execute<Types.LastQuery>(config, LAST_RUNS, variables));
  if (data === undefined) throw new ApiError({ message: 'got no answer', extensions: { retryable: true } });
  return data.runs;
}

/** @throws ApiError if only the runs of one agent are followed, and there is no such agent */
export async function requireAgent(config: ListConfig): Promise<void> {
  const { agentId } = config;
  if (agentId !== undefined && (await readAgent(config, agentId)) === null)
    throw new ApiError({ message: `--agent: there is no agent ${agentId} that you can see` });
}

/** Reads the name of an agent. @returns null if there is no such agent, undefined if it can't be read or has none */
export async function readAgent(config: ListConfig, id: string): Promise<string | null | undefined> {
  const [data] = await Array.fromAsync(execute<Types.AgentQuery>(config, AGENT, { ids: [id] }));
  const agent = data?.nodes[0];
  if (agent === null) return null;
  return agent && 'name' in agent ? (agent.name ?? undefined) : undefined;
}

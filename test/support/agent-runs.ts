import { execute, type Answer } from './execute.ts';
import { agentId } from './ids.ts';
import type { OpenGateway } from './open-gateway.ts';
import { type RandomRun, randomRuns } from './random-runs.ts';
import { listRuns } from './run-list.ts';

export const agentIds = (count: number) => Array.from({ length: count }, (_, number) => agentId(number));

/** A few of them, made once, are body enough for thousands of runs. */
const bodies = randomRuns(200, 71);

/**
 * Runs of which the first is the oldest, each of the agent whose number stands in its place. Three of
 * them share a microsecond each, so that only their ids tell which is newer.
 */
export function runsOf(agents: readonly number[]): RandomRun[] {
  return agents.map((agent, place) => {
    const micros = String(Math.floor(place / 3) % 1_000_000).padStart(6, '0');
    // The place is mixed, so that the ids of one microsecond are in no order.
    const mixed = Math.imul(place + 1, 0x9e3779b1) >>> 0;
    return {
      ...bodies[(place * 31) % bodies.length]!,
      id: `run-${mixed.toString(16).padStart(8, '0')}-0000-4000-8000-${String(place).padStart(12, '0')}`,
      agent_id: agentId(agent),
      created_at: `2025-03-30T00:00:00.${micros}Z`.replace('.000000Z', 'Z'),
    };
  });
}

/** Runs of so many agents that take turns. */
export const evenRuns = (runs: number, agents: number) =>
  runsOf(Array.from({ length: runs }, (_, place) => place % agents));

/** The ids of the newest runs of an agent. */
export function newest(runs: readonly RandomRun[], agent: string, count: number): string[] {
  return listRuns(runs, { filters: { agent_id: agent }, limit: count }).map(({ id }) => id);
}

export const agentNamed = (id: unknown) => ({ __typename: 'Agent', id });
export const runNamed = (id: unknown) => ({ __typename: 'Run', id });

interface Entities<Entity> {
  /** Undefined where the field failed as a whole. */
  readonly entities?: readonly (Entity | null)[] | undefined;
  readonly errors?: Answer<unknown>['errors'];
  readonly requests: number;
}

/** Sends what a router sends for entities, and counts what the gateway asks upstream for it. */
export async function askEntities<Entity>(
  { gateway, upstream }: Pick<OpenGateway, 'gateway' | 'upstream'>,
  representations: readonly object[],
  selection: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Entities<Entity>> {
  const before = upstream.requests.length;
  const { data, errors } = await execute<{ entities?: readonly (Entity | null)[] }>(
    gateway,
    `query ($of: [_Any!]!) { entities: _entities(representations: $of) { ${selection} } }`,
    { of: representations },
    headers,
  );
  return { entities: data?.entities, errors, requests: upstream.requests.length - before };
}

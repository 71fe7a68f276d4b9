import { type RandomRun, randomRuns } from '../support/random-runs.ts';
import { listRuns } from '../support/run-list.ts';

/** The id of the agent of a number, as REST writes ids. */
export const agentId = (number: number) =>
  `agent-${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;

export const agentIds = (count: number) => Array.from({ length: count }, (_, number) => agentId(number));

/** A hundredth of them, made once, is body enough for thousands of runs. */
const bodies = randomRuns(200, 71);

/**
 * Runs of which the first is the oldest, each of the agent whose number stands in its place. Many of
 * them share a microsecond with their neighbours, so that only their ids tell which is newer.
 */
export function runsOf(agents: readonly number[]): RandomRun[] {
  return agents.map((agent, place) => {
    const body = bodies[(place * 31) % bodies.length];
    if (body === undefined) throw new Error('There is no body');
    const micros = String(Math.floor(place / 3) % 1_000_000).padStart(6, '0');
    // The place is mixed, so that the ids of one microsecond are in no order.
    const mixed = Math.imul(place + 1, 0x9e3779b1) >>> 0;
    return {
      ...body,
      id: `run-${mixed.toString(16).padStart(8, '0')}-0000-4000-8000-${String(place).padStart(12, '0')}`,
      agent_id: agentId(agent),
      created_at: `2025-03-30T00:00:00.${micros}Z`.replace('.000000Z', 'Z'),
    };
  });
}

/** Runs of so many agents that take turns. */
export const evenRuns = (runs: number, agents: number) =>
  runsOf(Array.from({ length: runs }, (_, place) => place % agents));

/** Runs of agents drawn evenly; the same for the same seed. */
export function shuffledRuns(runs: number, agents: number, seed: number): RandomRun[] {
  let state = seed;
  const draw = () => {
    // Mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return runsOf(Array.from({ length: runs }, () => Math.floor(draw() * agents)));
}

/** The ids of the newest runs of an agent. */
export function newest(runs: readonly RandomRun[], agent: string, count: number): string[] {
  return listRuns(runs, { agent_id: agent, limit: count }).map(({ id }) => id);
}

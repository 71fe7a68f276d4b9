import { AGENT_NAMES } from '../documents/runs.ts';
import { useEffect } from '../dom.ts';
import { brief } from '../format/text.ts';
import { queryField } from '../gateway/query.ts';
import { createStore, useStore } from '../store.ts';

/** Milliseconds for which ids are collected that are asked for together, and how many of them. */
const PAUSE_MS = 50;
const MAX_IDS = 50;

/** By id; null for an agent that is gone or has no name. Each is asked for once: a name takes the gateway a request. */
const names = createStore<{ readonly byId: ReadonlyMap<string, string | null> }>({ byId: new Map() });
const wanted = new Set<string>();

/** Keeps the names of agents that came with something else. */
export function knowAgents(agents: Iterable<readonly [id: string, name: string | null]>): void {
  names.set({ byId: new Map([...names.get().byId, ...agents]) });
}

/**
 * The name of an agent; the beginning of its id until it is known.
 *
 * @param id empty for none
 */
export function useAgentName(id: string): string {
  const name = useStore(names, ({ byId }) => byId.get(id));
  useEffect(() => {
    if (id === '' || names.get().byId.has(id)) return;
    if (wanted.size === 0) setTimeout(() => void readNames(), PAUSE_MS);
    wanted.add(id);
  }, [id]);
  return brief(name ?? id.slice(0, 14));
}

async function readNames(): Promise<void> {
  const ids = [...wanted].slice(0, MAX_IDS);
  for (const id of ids) wanted.delete(id);
  if (wanted.size > 0) setTimeout(() => void readNames(), PAUSE_MS);
  // Names that could not be read are asked for by the next row that has none.
  const agents = await queryField(AGENT_NAMES, { ids }, 'nodes').catch(() => undefined);
  if (agents === undefined) return;
  const found = agents.flatMap((agent) => (agent && 'id' in agent ? [[agent.id, agent.name] as const] : []));
  knowAgents([...ids.map((id) => [id, null] as const), ...found]);
}

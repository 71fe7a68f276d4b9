import { AGENT_NAMES } from '../documents/runs.ts';
import { useEffect } from '../dom.ts';
import { brief } from '../format/text.ts';
import { queryField } from '../gateway/query-field.ts';
import { createStore, useStore } from '../store.ts';

/** Milliseconds for which ids are collected that are asked for together, and how many of them. */
const PAUSE_MS = 50;
const MAX_IDS = 50;

/** By id; null for an agent that is gone or has no name. Each is asked for once: a name takes the gateway a request. */
const names = createStore<{ readonly byId: ReadonlyMap<string, string | null> }>({ byId: new Map() });
const wanted = new Set<string>();

function addNames(added: readonly (readonly [id: string, name: string | null])[]): void {
  names.set({ byId: new Map([...names.get().byId, ...added]) });
}

export function knowAgent(id: string, name: string | null): void {
  if (names.get().byId.get(id) !== name) addNames([[id, name]]);
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
  const found = new Map(agents.flatMap((agent) => (agent && 'id' in agent ? [[agent.id, agent.name]] : [])));
  addNames(ids.map((id) => [id, found.get(id) ?? null]));
}

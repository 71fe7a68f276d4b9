import { AGENT_NAMES } from '../documents/runs.ts';
import { brief } from '../format/text.ts';
import { queryField } from '../gateway/query.ts';
import { useEffect } from '../preact.ts';
import { createStore, useStore } from '../store.ts';

/** Milliseconds for which ids are collected for one request, and the most ids in it. */
const COLLECT_MS = 50;
const MAX_IDS = 50;

/** Names by agent id; null for a deleted or unnamed agent. Each is read once: it takes the gateway an upstream request. */
const names = createStore<{ readonly byId: ReadonlyMap<string, string | null> }>({ byId: new Map() });
const pendingIds = new Set<string>();

/** Stores agent names that another query has brought. */
export function storeAgentNames(agents: Iterable<readonly [id: string, name: string | null]>): void {
  names.set({ byId: new Map([...names.get().byId, ...agents]) });
}

/** Returns the name of an agent; the beginning of its id until the name is read. @param id empty for no agent */
export function useAgentName(id: string): string {
  const name = useStore(names, ({ byId }) => byId.get(id));
  useEffect(() => requestName(id), [id]);
  return brief(name ?? id.slice(0, 14));
}

/** Reads the name of an agent soon, together with others, unless it is known. @public for the tests, without a page */
export function requestName(id: string): void {
  if (id === '' || names.get().byId.has(id)) return;
  if (pendingIds.size === 0) setTimeout(() => void readNames(), COLLECT_MS);
  pendingIds.add(id);
}

async function readNames(): Promise<void> {
  const ids = [...pendingIds].slice(0, MAX_IDS);
  for (const id of ids) pendingIds.delete(id);
  if (pendingIds.size > 0) setTimeout(() => void readNames(), COLLECT_MS);
  // After a failure, the next row without a name reads it again.
  const agents = await queryField(AGENT_NAMES, { ids }, 'nodes').catch(() => undefined);
  if (agents === undefined) return;
  const found = agents.flatMap((agent) => (agent && 'id' in agent ? [[agent.id, agent.name] as const] : []));
  storeAgentNames([...ids.map((id) => [id, null] as const), ...found]);
}

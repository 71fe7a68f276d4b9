import type { TailConfig } from '../../config/tail-settings.ts';
import { ask } from './ask.ts';
import { AGENT_NAMES } from './run-events.ts';

/** Names that are kept at most. */
const MAX_NAMES = 1000;

interface Answer {
  readonly nodes: readonly ({ readonly id?: string; readonly name?: string | null } | null)[] | null;
}

/** Finds the names of agents, each once; an agent whose name can't be had is shown by its id. */
export interface AgentNames {
  find(ids: readonly (string | null | undefined)[]): Promise<void>;
  /** @param id of an agent that was looked for */
  of(id: string | null | undefined): string;
}

export function createAgentNames(config: TailConfig): AgentNames {
  const names = new Map<string, string>();
  return {
    async find(ids) {
      const unknown = new Set(ids.filter((id) => typeof id === 'string' && !names.has(id)));
      if (unknown.size === 0) return;
      const data = await ask<Answer>(config, AGENT_NAMES, { ids: [...unknown] });
      for (const id of unknown) if (id) names.set(id, id);
      for (const agent of data?.nodes ?? []) if (agent?.id && agent.name) names.set(agent.id, agent.name);
      for (const id of names.keys()) if (names.size > MAX_NAMES) names.delete(id);
    },
    of: (id) => (id ? (names.get(id) ?? id) : '-'),
  };
}

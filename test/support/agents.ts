import type { RunStore } from '../../embedded-api/store/run-store.ts';

/** An agent as the embedded API stores it. */
export type SeedAgent =
  Parameters<RunStore['agents']['insert']>[0] extends Iterable<infer Item> ? Item : never;

/** Everything about an agent that the wire shows follows from its id. */
export function seedAgent(id: string): SeedAgent {
  return {
    id,
    name: nameOf(id),
    created_at: '2025-01-01T00:00:00Z',
    updated_at: '2025-01-02T00:00:00.000001Z',
    llm_config: { model: 'gpt-4o', context_window: 8000, handle: 'openai/gpt-4o' },
  };
}

export const nameOf = (id: string) => `The ${id}`;

/** The agents of runs, each once: a server has an agent for every run. */
export function agentsOf(runs: Iterable<{ readonly agent_id: string }>): SeedAgent[] {
  const ids = new Set(Array.from(runs, ({ agent_id }) => agent_id));
  return Array.from(ids, seedAgent);
}

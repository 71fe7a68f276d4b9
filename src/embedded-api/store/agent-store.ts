import type { AgentRow, NewAgent } from '../model/agent.ts';
import type { Statements } from './statements.ts';
import { AGENTS } from './tables.ts';

export interface AgentStore {
  /** Inserts agents in one transaction: all, or none if one is invalid (a duplicate id, an invalid timestamp). */
  insert(agents: Iterable<NewAgent>): void;
  /** @throws Error if there is no such agent. */
  update(id: string, patch: Partial<NewAgent>): void;
  /** Returns all agents of an organization, in no order. */
  all(organizationId: string): AgentRow[];
  /** Finds an agent in any organization. */
  find(id: string): AgentRow | undefined;
}

/** @param transaction runs a function in a transaction */
export function createAgentStore(
  { rows, insert, update }: Statements,
  transaction: (fill: () => void) => void,
): AgentStore {
  return {
    insert: (agents) => transaction(() => insert(AGENTS, agents)),
    update: (id, patch) => update(AGENTS, id, patch),
    all: (organizationId) => rows('SELECT * FROM agents WHERE organization_id = ?', [organizationId]),
    find: (id) => rows<AgentRow>('SELECT * FROM agents WHERE id = ?', [id])[0],
  };
}

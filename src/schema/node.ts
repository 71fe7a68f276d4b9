import type { Context } from '../loaders/context.ts';
import type { RunStep } from '../runs/detail-fields.ts';
import { IDS } from '../runs/ids.ts';
import type { Run } from '../runs/run.ts';
import { builder } from './builder.ts';

/** An agent. It is known by its id alone, and looked up when another of its fields is selected. */
export interface Agent {
  readonly id: string;
  /** When the agent was created, if it came from a list: its position there. */
  readonly createdInstant?: string;
}

export const AgentRef = builder.objectRef<Agent>('Agent');

/** What has a globally unique id. */
export type Node = Run | Agent | RunStep;
export type NodeType = 'Run' | 'Agent' | 'RunStep';

export const NodeRef = builder.interfaceRef<Node>('Node').implement({
  description: 'An object with a globally unique id.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its prefix tells the type: `run-…`, `agent-…` or `step-…`.' }),
  }),
  resolveType: typeOfNode,
});

/** Returns the type of what has an id: a run unless the prefix says otherwise, since older servers call runs jobs. */
export function typeOfNode({ id }: Pick<Node, 'id'>): NodeType {
  if (id.startsWith('agent-')) return 'Agent';
  return id.startsWith('step-') ? 'RunStep' : 'Run';
}

/**
 * Find nodes by their ids; null if there is none that the caller can see. Routers may send anything: what
 * can't be an id of the type is null without a request.
 */
export const FINDERS = {
  Run: async (id: unknown, { runById }: Context) => (isIdOf('run', id) ? runById.load(id) : null),
  Agent: async (id: unknown, { agents }: Context) =>
    isIdOf('agent', id) && (await agents.exists(id)) ? { id } : null,
  RunStep: async (id: unknown, { stepById }: Context) => (isIdOf('step', id) ? stepById.load(id) : null),
} satisfies Readonly<Record<NodeType, (id: unknown, context: Context) => Promise<Node | null>>>;

/** Returns the agent that another subgraph refers to, without a request: that subgraph has seen it. */
export function referToAgent(id: unknown): Agent | null {
  return isIdOf('agent', id) ? { id } : null;
}

/** Finds the run, agent or step with an id. */
export function findNode(id: string, context: Context): Promise<Node | null> {
  return FINDERS[typeOfNode({ id })](id, context);
}

function isIdOf(kind: 'run' | 'agent' | 'step', id: unknown): id is string {
  return typeof id === 'string' && IDS[kind].pattern.test(id);
}

import { ArgumentError } from '../errors/gateway-error.ts';
import type { Context } from '../loaders/context.ts';
import type { RunStep } from '../runs/detail-fields.ts';
import { IDS } from '../runs/ids.ts';
import type { Run } from '../runs/run.ts';
import { builder } from './builder.ts';

/** The maximum number of ids in `nodes`. */
export const MAX_IDS = 1000;

/** An agent. It is known by its id alone, and looked up when another of its fields is selected. */
export interface Agent {
  readonly id: string;
  /** When it was created, of one that was listed. */
  readonly createdInstant?: string;
}

export const AgentRef = builder.objectRef<Agent>('Agent');

/** What has a globally unique id. */
export type Node = Run | Agent | RunStep;

/** The types of nodes by the prefix of their ids; others are those of runs. */
const TYPES: Readonly<Record<string, 'Agent' | 'RunStep'>> = { agent: 'Agent', step: 'RunStep' };

export const NodeRef = builder.interfaceRef<Node>('Node').implement({
  description: 'An object with a globally unique id.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The globally unique id; its prefix tells the type of the object.' }),
  }),
  resolveType: typeOfNode,
});

export function typeOfNode({ id }: Node): 'Agent' | 'RunStep' | 'Run' {
  return TYPES[id.slice(0, id.indexOf('-'))] ?? 'Run';
}

/** Loads a run; null, without a request, for anything that is not a run id. Routers may send anything. */
export async function findRun(id: unknown, context: Context): Promise<Run | null> {
  return typeof id === 'string' && IDS.run.pattern.test(id) ? context.runById.load(id) : null;
}

/** Returns the agent that another service refers to, without a request: that service has seen it. */
export function referToAgent(id: unknown): Agent | null {
  return typeof id === 'string' && IDS.agent.pattern.test(id) ? { id } : null;
}

/** The same for a step. */
export async function findStep(id: unknown, context: Context): Promise<RunStep | null> {
  return typeof id === 'string' && IDS.step.pattern.test(id) ? context.stepById.load(id) : null;
}

/** Loads the agent with an id; null if there is none that the caller can see. */
export async function findAgent(id: string, context: Context): Promise<Agent | null> {
  const agent = referToAgent(id);
  return agent !== null && (await context.agents.exists(id)) ? agent : null;
}

/** Loads the run, agent or step with an id; null if there is none that the caller can see. */
export function findNode(id: string, context: Context): Promise<Node | null> {
  if (id.startsWith('agent-')) return findAgent(id, context);
  return id.startsWith('step-') ? findStep(id, context) : findRun(id, context);
}

/** Loads runs, agents and steps by id. @throws ArgumentError for more than {@link MAX_IDS} */
export function findNodes(ids: readonly string[], context: Context): ReturnType<typeof findNode>[] {
  if (ids.length <= MAX_IDS) return ids.map((id) => findNode(id, context));
  throw new ArgumentError('ids', `ids: expected at most ${MAX_IDS} ids, but got ${ids.length}`);
}

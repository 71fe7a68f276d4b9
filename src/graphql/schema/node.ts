import { RunArgumentError } from '../../runs/errors.ts';
import { IDS } from '../../runs/ids.ts';
import type { Run } from '../../runs/run.ts';
import type { Context } from '../context.ts';
import type { Agent } from './agent.ts';
import { builder } from './builder.ts';

/** The maximum number of ids in `nodes`, and of representations in `_entities`. */
export const MAX_IDS = 1000;

export const NodeRef = builder.interfaceRef<Run | Agent>('Node').implement({
  description: 'An object with a globally unique id.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The globally unique id; its prefix tells the type of the object.' }),
  }),
  resolveType: (node) => (node.id.startsWith('agent-') ? 'Agent' : 'Run'),
});

/** Loads a run; null, without a request, for anything that is not a run id. Routers may send anything. */
export async function findRun(id: unknown, context: Context): Promise<Run | null> {
  return typeof id === 'string' && IDS.run.pattern.test(id) ? context.runById.load(id) : null;
}

/** Returns the agent that another service refers to, without a request: whoever refers to it has seen it. */
export function referToAgent(id: unknown): Agent | null {
  return typeof id === 'string' && IDS.agent.pattern.test(id) ? { id } : null;
}

/** Loads the run or agent with an id; null if there is none that the caller can see. */
export async function findNode(id: string, context: Context): Promise<Run | Agent | null> {
  const agent = referToAgent(id);
  if (agent === null) return findRun(id, context);
  return (await context.agentById.exists(id)) ? agent : null;
}

/** Loads runs and agents by id. @throws RunArgumentError for more than {@link MAX_IDS} */
export function findNodes(ids: readonly string[], context: Context): ReturnType<typeof findNode>[] {
  if (ids.length <= MAX_IDS) return ids.map((id) => findNode(id, context));
  throw new RunArgumentError('ids', `ids: expected at most ${MAX_IDS} ids, but got ${ids.length}`);
}

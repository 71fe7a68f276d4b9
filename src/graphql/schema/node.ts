import { RunArgumentError } from '../../runs/errors.ts';
import { IDS } from '../../runs/ids.ts';
import type { Run } from '../../runs/run.ts';
import type { Context } from '../context.ts';
import type { Agent } from './agent.ts';
import { builder } from './builder.ts';

/** Ids in one `nodes`, and entities in one `_entities`. */
export const MAX_IDS = 1000;

export const NodeRef = builder.interfaceRef<Run | Agent>('Node').implement({
  description: 'Something with an id that is unique among all kinds of things.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id; its prefix tells what kind of thing it is.' }),
  }),
  resolveType: (node) => (node.id.startsWith('agent-') ? 'Agent' : 'Run'),
});

/** The run of an id; null, without a request, for what is no id of a run. Routers may send anything. */
export async function findRun(id: unknown, context: Context): Promise<Run | null> {
  return typeof id === 'string' && IDS.run.pattern.test(id) ? context.runById.load(id) : null;
}

/** An agent is known by its id alone, so any id that looks like one stands for an agent. */
export function findAgent(id: unknown): Agent | null {
  return typeof id === 'string' && IDS.agent.pattern.test(id) ? { id } : null;
}

/** @param id of a run or an agent */
export function findNode(id: string, context: Context): Promise<Run | Agent | null> | Agent | null {
  return findAgent(id) ?? findRun(id, context);
}

/** @throws RunArgumentError for more than {@link MAX_IDS} */
export function findNodes(ids: readonly string[], context: Context): ReturnType<typeof findNode>[] {
  if (ids.length <= MAX_IDS) return ids.map((id) => findNode(id, context));
  throw new RunArgumentError('ids', `ids: expected at most ${MAX_IDS} ids, but got ${ids.length}`);
}

import { RunArgumentError } from '../../runs/errors.ts';
import type { Run } from '../../runs/run.ts';
import type { Context } from '../context.ts';
import type { Agent } from './agent.ts';
import { builder, LOOK_UP_DIRECTIVES } from './builder.ts';

/** What an id of each kind looks like. Nothing else is asked for upstream: it can't be one. */
const RUN_ID = /^run-[0-9a-f]{8}[0-9a-f-]{0,28}$/;
const AGENT_ID = /^agent-[0-9A-Za-z_-]{1,128}$/;
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
  return typeof id === 'string' && RUN_ID.test(id) ? context.runById.load(id) : null;
}

/** An agent is known by its id alone, so any id that looks like one stands for an agent. */
export function findAgent(id: unknown): Agent | null {
  return typeof id === 'string' && AGENT_ID.test(id) ? { id } : null;
}

function findNode(id: string, context: Context): Promise<Run | Agent | null> | Agent | null {
  return findAgent(id) ?? findRun(id, context);
}

builder.queryFields((t) => ({
  node: t.field({
    type: NodeRef,
    nullable: true,
    description: 'The run or agent of an id; null where there is none that you can see.',
    args: { id: t.arg.id({ required: true, description: 'The id, `run-…` or `agent-…`.' }) },
    directives: LOOK_UP_DIRECTIVES,
    resolve: (_root, { id }, context) => findNode(id, context),
  }),
  nodes: t.field({
    type: [NodeRef],
    nullable: { list: false, items: true },
    description:
      'The runs and agents of some ids, in their order, with null where there is none that you can see.',
    args: {
      ids: t.arg.idList({
        required: true,
        description: 'The ids, at most 1000; repeating one costs nothing.',
      }),
    },
    directives: LOOK_UP_DIRECTIVES,
    resolve: (_root, { ids }, context) => {
      if (ids.length > MAX_IDS) {
        throw new RunArgumentError('ids', `ids: expected at most ${MAX_IDS} ids, but got ${ids.length}`);
      }
      return ids.map((id) => findNode(id, context));
    },
  }),
}));

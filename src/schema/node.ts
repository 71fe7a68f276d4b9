import type { FieldMap, QueryFieldBuilder } from '@pothos/core';
import type { Context } from '../loaders/context.ts';
import type { Agent } from '../runs/agent-fields.ts';
import { refuse } from '../runs/argument-types.ts';
import { type AgentConversation, CONVERSATION_IDS } from '../runs/conversation-fields.ts';
import type { RunStep } from '../runs/detail-fields.ts';
import { IDS } from '../runs/ids.ts';
import type { Run } from '../runs/run.ts';
import { builder, LOOKED_UP, type Types } from './builder.ts';

/** An agent, known by its id, and by its position in a list if it came from one; its other fields take a look-up. */
export type AgentReference = Pick<Agent, 'id'> & Partial<Pick<Agent, 'createdInstant'>>;

export const NODES = {
  Run: nodeType<Run>('Run', /^run-/, IDS.run, (id, { lookUps }) => lookUps.byId('run').load(id)),
  Agent: nodeType<AgentReference>('Agent', /^agent-/, IDS.agent, (id, { lookUps }) =>
    lookUps.byId('agent').load(id),
  ),
  AgentConversation: nodeType<AgentConversation>(
    'AgentConversation',
    /^(?:conv|default)-/,
    CONVERSATION_IDS,
    (id, { lookUps }) => lookUps.conversation(id),
  ),
  RunStep: nodeType<RunStep>('RunStep', /^step-/, IDS.step, (id, { lookUps }) =>
    lookUps.byId('step').load(id),
  ),
};

/** @param prefix how ids begin @param ids those that can be looked up */
function nodeType<Thing extends { readonly id: string }>(
  name: string,
  prefix: RegExp,
  ids: { readonly pattern: RegExp },
  load: (id: string, context: Context) => Promise<Thing | null>,
) {
  /** Whether a value, of which routers may send any, can be the id of a node of the type. */
  const isId = (id: unknown): id is string => typeof id === 'string' && ids.pattern.test(id);
  /** Finds a node: null for one that the caller can't see, and without a request for what is no id of the type. */
  const find = async (id: unknown, context: Context) => (isId(id) ? load(id, context) : null);
  return { ref: builder.objectRef<Thing>(name), prefix, isId, find };
}

export const { ref: AgentRef } = NODES.Agent;
export const { ref: ConversationRef } = NODES.AgentConversation;
export type Node = (typeof NODES)[keyof typeof NODES]['ref']['$inferType'];

export const NodeRef = builder.interfaceRef<Node>('Node').implement({
  description: 'An object with a globally unique id.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description: 'Its prefix tells the type: `run-…`, `agent-…`, `conv-…`, `default-…` or `step-…`.',
    }),
  }),
  resolveType: (node) => typeOfNode(node).ref,
});

/** Returns the type of a node, by its id: a run unless the prefix says otherwise, since older servers call runs jobs. */
export function typeOfNode({ id }: Pick<Node, 'id'>) {
  return Object.values(NODES).find(({ prefix }) => prefix.test(id)) ?? NODES.Run;
}

/** The maximum number of ids in `nodes`. */
const MAX_IDS = 1000;

/** Defines the root fields that find nodes. */
export function nodeFields(t: QueryFieldBuilder<Types, Types['Root']>): FieldMap {
  return {
    node: t.field({
      ...LOOKED_UP,
      type: NodeRef,
      description: 'The run, agent, conversation or step with an id; null if there is none that you can see.',
      args: { id: t.arg.id({ required: true, description: 'The id, as `Node.id`.' }) },
      resolve: (_root, { id }, context) => typeOfNode({ id }).find(id, context),
    }),
    nodes: t.field({
      type: [NodeRef],
      nullable: { list: false, items: true },
      description:
        'The runs, agents, conversations and steps with these ids, in the same order; null for each one that does not exist or that you cannot see.',
      args: {
        ids: t.arg.idList({
          required: true,
          description: `The ids, at most ${MAX_IDS}. Duplicates are looked up once.`,
        }),
      },
      directives: LOOKED_UP.directives,
      resolve: (_root, { ids }, context) => {
        if (ids.length <= MAX_IDS) return ids.map((id) => typeOfNode({ id }).find(id, context));
        return refuse('ids', `expected at most ${MAX_IDS} ids, but got ${ids.length}`);
      },
    }),
  };
}

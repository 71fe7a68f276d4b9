import type { FieldMap, QueryFieldBuilder } from '@pothos/core';
import { ArgumentError } from '../errors/gateway-error.ts';
import type { Context } from '../loaders/context.ts';
import type { AgentConversation } from '../runs/conversation-fields.ts';
import type { RunStep } from '../runs/detail-fields.ts';
import { IDS } from '../runs/ids.ts';
import type { Run } from '../runs/run.ts';
import { builder, LOOK_UP_DIRECTIVES, type Types } from './builder.ts';

/** An agent, known by its id; its other fields take a look-up. */
export interface AgentReference {
  readonly id: string;
  /** When the agent was created, if it came from a list: its position there. */
  readonly createdInstant?: string;
}

export const AgentRef = builder.objectRef<AgentReference>('Agent');

export const ConversationRef = builder.objectRef<AgentConversation>('AgentConversation');

/** An object with a globally unique id. */
export type Node = Run | AgentReference | AgentConversation | RunStep;
export type NodeType = 'Run' | 'Agent' | 'AgentConversation' | 'RunStep';

export const NodeRef = builder.interfaceRef<Node>('Node').implement({
  description: 'An object with a globally unique id.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description: 'Its prefix tells the type: `run-…`, `agent-…`, `conv-…`, `default-…` or `step-…`.',
    }),
  }),
  resolveType: typeOfNode,
});

/** Returns the type of a node, by its id: a run unless the prefix says otherwise, since older servers call runs jobs. */
export function typeOfNode({ id }: Pick<Node, 'id'>): NodeType {
  if (id.startsWith('agent-')) return 'Agent';
  if (/^(?:conv|default)-/.test(id)) return 'AgentConversation';
  return id.startsWith('step-') ? 'RunStep' : 'Run';
}

/** Find a node by id: null for a node that the caller can't see, and without a request for what is no id of the type. */
export const NODE_LOADERS = {
  Run: async (id: unknown, { runById }: Context) => (isIdOf('run', id) ? runById.load(id) : null),
  Agent: async (id: unknown, { agents }: Context) =>
    isIdOf('agent', id) && (await agents.exists(id)) ? { id } : null,
  AgentConversation: async (id: unknown, { conversations }: Context) =>
    isIdOf('agentConversation', id) ? conversations.load(id) : null,
  RunStep: async (id: unknown, { stepById }: Context) => (isIdOf('step', id) ? stepById.load(id) : null),
} satisfies Readonly<Record<NodeType, (id: unknown, context: Context) => Promise<Node | null>>>;

/** Finds the run, agent, conversation or step with an id. */
function findNode(id: string, context: Context): Promise<Node | null> {
  return NODE_LOADERS[typeOfNode({ id })](id, context);
}

/** Whether a value, of which routers may send any, can be the id of a node of a type. */
export function isIdOf(type: 'run' | 'agent' | 'agentConversation' | 'step', id: unknown): id is string {
  return typeof id === 'string' && IDS[type].pattern.test(id);
}

/** The maximum number of ids in `nodes`. */
const MAX_IDS = 1000;

/** Defines the root fields that find nodes. */
export function nodeFields(t: QueryFieldBuilder<Types, Types['Root']>): FieldMap {
  return {
    node: t.field({
      type: NodeRef,
      nullable: true,
      description: 'The run, agent, conversation or step with an id; null if there is none that you can see.',
      args: { id: t.arg.id({ required: true, description: 'The id, as `Node.id`.' }) },
      directives: LOOK_UP_DIRECTIVES,
      resolve: (_root, { id }, context) => findNode(id, context),
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
      directives: LOOK_UP_DIRECTIVES,
      resolve: (_root, { ids }, context) => {
        if (ids.length <= MAX_IDS) return ids.map((id) => findNode(id, context));
        throw new ArgumentError('ids', `ids: expected at most ${MAX_IDS} ids, but got ${ids.length}`);
      },
    }),
  };
}

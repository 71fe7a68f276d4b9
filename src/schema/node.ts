import type { Context } from '../loaders/context.ts';
import type { Agent } from '../runs/agent-fields.ts';
import type { AgentConversation } from '../runs/conversation-fields.ts';
import type { RunStep } from '../runs/detail-fields.ts';
import { IDS } from '../runs/ids.ts';
import type { Run } from '../runs/run.ts';
import { builder } from './builder.ts';

/** An agent, known by its id, and by its position in a list if it came from one; its other fields take a look-up. */
export type AgentReference = Pick<Agent, 'id'> & Partial<Pick<Agent, 'createdInstant'>>;

export const NODES = {
  Run: nodeType<Run>('Run', IDS.run, (id, { lookUps }) => lookUps.byId('run').load(id)),
  Agent: nodeType<AgentReference>('Agent', IDS.agent, (id, { lookUps }) => lookUps.byId('agent').load(id)),
  AgentConversation: nodeType<AgentConversation>('AgentConversation', IDS.conversation, (id, { lookUps }) =>
    lookUps.conversation(id),
  ),
  RunStep: nodeType<RunStep>('RunStep', IDS.step, (id, { lookUps }) => lookUps.byId('step').load(id)),
};

function nodeType<Thing extends { readonly id: string }>(
  name: string,
  { prefixes, pattern }: (typeof IDS)[keyof typeof IDS],
  load: (id: string, context: Context) => Promise<Thing | null>,
) {
  /** Whether a value, of which routers may send any, can be the id of a node of the type. */
  const isId = (id: unknown): id is string => typeof id === 'string' && pattern.test(id);
  /** Finds a node: null for one that the caller can't see, and without a request for what is no id of the type. */
  const find = async (id: unknown, context: Context) => (isId(id) ? load(id, context) : null);
  return { ref: builder.objectRef<Thing>(name), prefixes, isId, find };
}

const PREFIXES = Object.values(NODES).flatMap(({ prefixes }) => prefixes.map((prefix) => `\`${prefix}…\``));

export const { ref: AgentRef } = NODES.Agent;
export const { ref: ConversationRef } = NODES.AgentConversation;
export type Node = (typeof NODES)[keyof typeof NODES]['ref']['$inferType'];

export const NodeRef = builder.interfaceRef<Node>('Node').implement({
  description: 'An object with a globally unique id.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description: `Its prefix tells the type: ${PREFIXES.slice(0, -1).join(', ')} or ${PREFIXES.at(-1)}.`,
    }),
  }),
  resolveType: (node) => typeOfNode(node).ref,
});

/** Returns the type of a node, by the prefix of its id; that of runs, which finds nothing, for an id of no node. */
export function typeOfNode({ id }: Pick<Node, 'id'>) {
  return (
    Object.values(NODES).find(({ prefixes }) => prefixes.some((prefix) => id.startsWith(prefix))) ?? NODES.Run
  );
}

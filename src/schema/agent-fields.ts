import type { Context } from '../loaders/context.ts';
import type { AgentFieldName } from '../runs/agent-fields.ts';
import type { AgentValues } from '../runs/agent.ts';
import { type Agent, AgentRef } from './agent.ts';
import { LOOK_UP_DIRECTIVES, sharing } from './builder.ts';
import { recognize, StopReasonEnum } from './enums.ts';
import { listArguments } from './list-arguments.ts';
import { NodeRef } from './node.ts';
import { resolveRunPage, RUN_PAGE } from './run-connection.ts';

/** For fields of an agent that other services may have as well. */
const LOOKED_UP = {
  directives: { ...LOOK_UP_DIRECTIVES, shareable: true },
  extensions: sharing('itself'),
  nullable: true,
} as const;

/** Resolves a field of an agent by looking the agent up. */
function read<Name extends AgentFieldName>(name: Name) {
  return ({ id }: Agent, _args: object, { agentById }: Context): Promise<AgentValues[Name]> =>
    agentById.read(id, name);
}

AgentRef.implement({
  description: 'An AI agent that has runs.',
  interfaces: [NodeRef],
  fields: (t) => ({
    id: t.exposeID('id', { description: "The agent's id, `agent-` and a UUID; the same as in REST." }),
    name: t.string({
      ...LOOKED_UP,
      description: 'The name of the agent. Not unique.',
      resolve: read('name'),
    }),
    description: t.string({
      ...LOOKED_UP,
      description: 'What the agent is for, in the words of whoever made it; null if they gave none.',
      resolve: read('description'),
    }),
    agentType: t.string({
      ...LOOKED_UP,
      description:
        'The kind of agent, such as `letta_v1_agent`, as the runs API names it (REST: `agent_type`).',
      resolve: read('agentType'),
    }),
    model: t.string({
      ...LOOKED_UP,
      description: 'The handle of its language model, such as `openai/gpt-4o-mini`; null if it has none.',
      resolve: read('model'),
    }),
    tags: t.stringList({
      ...LOOKED_UP,
      description: 'The tags of the agent, in no particular order.',
      resolve: read('tags'),
    }),
    createdAt: t.field({
      ...LOOKED_UP,
      type: 'DateTime',
      description: 'When the agent was created (REST: `created_at`).',
      resolve: read('createdAt'),
    }),
    updatedAt: t.field({
      ...LOOKED_UP,
      type: 'DateTime',
      description: 'When the agent was last changed (REST: `updated_at`).',
      resolve: read('updatedAt'),
    }),
    lastRunCompletedAt: t.field({
      ...LOOKED_UP,
      type: 'DateTime',
      description: 'When its last run ended; null if none has (REST: `last_run_completion`).',
      resolve: read('lastRunCompletedAt'),
    }),
    lastRunDurationMs: t.int({
      ...LOOKED_UP,
      description: 'How long its last run took, in milliseconds (REST: `last_run_duration_ms`).',
      resolve: read('lastRunDurationMs'),
    }),
    lastStopReason: t.field({
      ...LOOKED_UP,
      type: StopReasonEnum,
      description: 'Why its last run ended (REST: `last_stop_reason`).',
      resolve: async ({ id }, _args, { agentById }) => {
        const reason = await agentById.read(id, 'lastStopReason');
        return reason === null ? null : recognize('stop_reason', reason);
      },
    }),
    rawLastStopReason: t.string({
      ...LOOKED_UP,
      description: 'The stop reason as the runs API sent it; useful if `lastStopReason` is UNRECOGNIZED.',
      resolve: read('lastStopReason'),
    }),
    timezone: t.string({
      ...LOOKED_UP,
      description: "The agent's time zone, such as `Europe/Berlin`.",
      resolve: read('timezone'),
    }),
    runs: t.field({
      ...RUN_PAGE,
      description: 'The runs of this agent, newest first, a page at a time. Filters are combined with AND.',
      args: listArguments(t.arg, { isOfOneAgent: true }),
      resolve: (agent, args, context, info) => resolveRunPage({ ...args, agentId: agent.id }, context, info),
    }),
  }),
});

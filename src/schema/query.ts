import { assertObjectType, type GraphQLResolveInfo } from 'graphql';
import type { Context, RateLimitState } from '../loaders/context.ts';
import { findPendingApprovals } from '../loaders/pending-approvals.ts';
import { AGENT_LIST } from '../runs/agent-list.ts';
import { refuse } from '../runs/argument-types.ts';
import { MAX_NODES } from '../runs/limits.ts';
import { RUN_FILTERS } from '../runs/run-filters.ts';
import { AGENT_PAGE } from './agents.ts';
import { PENDING_APPROVALS, pendingArguments, readPending } from './approvals.ts';
import { builder, LOOKED_UP, type sharing } from './builder.ts';
import { CONVERSATION_PAGE, conversationListArguments, resolveConversationPage } from './conversations.ts';
import { argumentsOf, readRunFilter } from './filter-arguments.ts';
import { listArguments, resolvePage } from './list-page.ts';
import { AgentRef, ConversationRef, NodeRef, NODES, typeOfNode } from './node.ts';
import { ORDER, resolveRunPage, RUN_PAGE, runListArguments } from './run-connection.ts';
import { RUN_STATS } from './run-stats.ts';
import { RunRef } from './run.ts';
import { selectedFields } from './selected-fields.ts';

const RateLimitRef = builder.objectRef<RateLimitState>('RateLimit').implement({
  description:
    'The allowance of a caller, in units of cost: those of `@cost` and `@listSize`, and at least 1 for each operation. All who send the same credentials share one.',
  fields: (t) => ({
    limit: t.exposeInt('limit', { description: 'The cost that you may spend in a minute.' }),
    remaining: t.exposeInt('remaining', {
      description:
        'What is left of it, as this operation was executed. An operation that costs more is refused with `RATE_LIMITED`.',
    }),
    resetAt: t.expose('resetAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the minute ends, and all of the limit is there again. Null if it has ended already: the next one begins with your next operation.',
    }),
    cost: t.exposeInt('cost', {
      description:
        'What this operation was charged: its cost, or a twentieth of the values that it may have if that is more; at least 1, and at most the limit.',
    }),
  }),
});

builder.queryType({
  description: 'Begin with `runs`, or with `run` for one by its id.',
  fields: (t) => ({
    runs: t.field({
      ...RUN_PAGE,
      description:
        'The runs of your organization, newest first, a page at a time (REST: `GET /v1/runs/`). Filters are combined with AND.',
      args: runListArguments(t.arg, RUN_FILTERS),
      resolve: (_root, args, context, info) => resolveRunPage(args, context, info),
    }),
    runStats: t.field({
      ...RUN_STATS,
      description:
        'Numbers about the runs that match all of these filters. What is selected of it takes no further requests, but for `tokens`, `cost`, and details of runs and agents.',
      args: argumentsOf(t.arg, RUN_FILTERS),
      resolve: (_root, args, { runs }) => runs.readForStats(readRunFilter(args)),
    }),
    pendingApprovals: t.field({
      ...PENDING_APPROVALS,
      description:
        'The runs that wait for an answer now, newest first. They are found among the runs that paused, at most `SCAN_BUDGET` of them and 100 agents and conversations. Not found are runs that paused in a conversation without streaming, which the runs API leaves CREATED, and cancelled ones whose conversation still waits.',
      args: pendingArguments(t.arg),
      resolve: (_root, args, context) => findPendingApprovals(readPending(args), context),
    }),
    mayWrite: t.boolean({
      description:
        'Whether you may send mutations: the gateway has some (`READ_ONLY`), and your access token is not read-only.',
      resolve: (_root, _args, { options }, { schema }) =>
        options.mayWrite && schema.getMutationType() != null,
    }),
    run: t.field({
      ...LOOKED_UP,
      type: RunRef,
      description:
        'The run with an id; null if there is none that you can see (REST: `GET /v1/runs/{run_id}`).',
      args: { id: t.arg.id({ required: true, description: 'The id of the run, `run-` and a UUID.' }) },
      resolve: (_root, { id }, context, info) => {
        startParts(id, context, info);
        return NODES.Run.find(id, context);
      },
    }),
    agents: t.field({
      ...AGENT_PAGE,
      description:
        'The agents of your organization, newest first, a page at a time (REST: `GET /v1/agents/`); hidden ones are left out. Filters are combined with AND.',
      args: listArguments(t.arg, AGENT_LIST, ORDER),
      resolve: (_root, args, context, info) => resolvePage(AGENT_LIST, args, context, info),
    }),
    agent: t.field({
      ...LOOKED_UP,
      type: AgentRef,
      description:
        'The agent with an id; null if there is none that you can see (REST: `GET /v1/agents/{agent_id}`).',
      args: { id: t.arg.id({ required: true, description: 'The id of the agent, `agent-` and a UUID.' }) },
      resolve: (_root, { id }, context) => NODES.Agent.find(id, context),
    }),
    conversations: t.field({
      ...CONVERSATION_PAGE,
      description:
        'The conversations of your organization, newest first, a page at a time (REST: `GET /v1/conversations/`). The default conversations of agents are not in it: see `Agent.defaultConversation`. Filters are combined with AND.',
      args: conversationListArguments(t.arg),
      resolve: (_root, args, context, info) => resolveConversationPage(args, context, info),
    }),
    conversation: t.field({
      ...LOOKED_UP,
      type: ConversationRef,
      description:
        'The conversation with an id; null if there is none that you can see (REST: `GET /v1/conversations/{conversation_id}`).',
      args: {
        id: t.arg.id({
          required: true,
          description:
            'The id of the conversation, `conv-` and a UUID, or `default-` and the id of its agent.',
        }),
      },
      resolve: (_root, { id }, context) => NODES.AgentConversation.find(id, context),
    }),
    rateLimit: t.field({
      type: RateLimitRef,
      nullable: true,
      description:
        'What you may still ask for in this minute, after this operation was charged; null if the gateway has no limit (`RATE_LIMIT`). In a federated graph, it is not part of the subgraph.',
      resolve: (_root, _args, { lookUps, options }) =>
        lookUps.once('rate limit', () => options.readRateLimit?.() ?? null),
    }),
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
          description: `The ids, at most ${MAX_NODES}. Duplicates are looked up once.`,
        }),
      },
      directives: LOOKED_UP.directives,
      resolve: (_root, { ids }, context) => {
        if (ids.length <= MAX_NODES) return ids.map((id) => typeOfNode({ id }).find(id, context));
        return refuse('ids', `expected at most ${MAX_NODES} ids, but got ${ids.length}`);
      },
    }),
  }),
});

/** Requests the selected parts of a run while the run itself is looked up. Without the run, they are wasted. */
function startParts(id: unknown, { lookUps, options: { prices } }: Context, info: GraphQLResolveInfo): void {
  if (!NODES.Run.isId(id)) return;
  const fields = assertObjectType(info.schema.getType('Run')).getFields();
  for (const name of selectedFields(info).keys()) {
    // Without prices there are no costs, and no requests for them.
    if (name === 'cost' && prices === undefined) continue;
    const { sharesRequest }: Partial<ReturnType<typeof sharing>> = fields[name]?.extensions ?? {};
    if (sharesRequest !== undefined && sharesRequest !== 'itself') lookUps.start(sharesRequest, id);
  }
}

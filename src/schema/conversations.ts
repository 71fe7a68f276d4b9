import type { ArgBuilder } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Page } from '../lists/pages/build-page.ts';
import { encodeCursor } from '../lists/pages/cursor.ts';
import type { Context } from '../loaders/context.ts';
import { hasPaused } from '../runs/approvals.ts';
import {
  type AgentConversation,
  CONVERSATION_FIELDS,
  defaultConversationOf,
} from '../runs/conversation-fields.ts';
import {
  type CONVERSATION_FILTERS,
  CONVERSATION_LISTS,
  conversationListOf,
} from '../runs/conversation-list.ts';
import { isPrompt } from '../runs/messages.ts';
import { RUN_FILTERS, SPARSE } from '../runs/run-filters.ts';
import type { Run } from '../runs/run.ts';
import { builder, LOOKED_UP, LOOK_UP_WEIGHT, type Types } from './builder.ts';
import { connectionOf, pageField } from './connection.ts';
import { MESSAGE_PAGE, MESSAGES, messageArguments } from './details/run-details.ts';
import { isOfTypes } from './details/run-message.ts';
import { enumOf } from './enums.ts';
import { argumentsOf, readRunFilter } from './filter-arguments.ts';
import { itemPage, listArguments, type ListInput, resolvePage } from './list-page.ts';
import { AgentRef, ConversationRef, NodeRef } from './node.ts';
import { resolveRunPage, RUN_PAGE, runListArguments } from './run-connection.ts';
import { RUN_STATS } from './run-stats.ts';
import { RunRef } from './run.ts';
import { fieldsOf } from './table-fields.ts';

const DEFAULT_RUNS =
  'The runs API has no filter for those of a default conversation: the list of its agent is read until enough of them are found, at most `SCAN_BUDGET` rows.';

/** Returns the arguments that select the runs of a conversation. */
function argumentsFor({ agentId, conversationId }: AgentConversation) {
  return conversationId === null ? { agentId, inDefaultConversation: true } : { conversationId };
}

/** The arguments that a conversation has no values for. */
const {
  agentId: _agentId,
  agentIds: _agentIds,
  conversationId: _id,
  inDefaultConversation: _isDefault,
  ...OF_CONVERSATION
} = RUN_FILTERS;

ConversationRef.implement({
  description:
    'A conversation of an agent. The default conversation of each agent has no row in the runs API; it also has the runs that were started in another conversation without streaming, since the API does not say which.',
  interfaces: [NodeRef],
  fields: (t) => ({
    id: t.exposeID('id', {
      description:
        "The conversation's id, the same as in REST; of a default conversation `default-` and the agent's id.",
    }),
    ...fieldsOf(t, CONVERSATION_FIELDS),
    agent: t.field({
      type: AgentRef,
      nullable: true,
      description: 'The agent. All but its id takes a look-up.',
      resolve: ({ agentId }) => ({ id: agentId }),
    }),
    runs: t.field({
      ...RUN_PAGE,
      description: `The runs of the conversation, newest first, a page at a time. ${DEFAULT_RUNS}`,
      args: runListArguments(t.arg, OF_CONVERSATION),
      // The price of a search for runs of a default conversation, which only a conversation that was looked up may be.
      extensions: { costIfLookedUp: SPARSE.weight },
      resolve: (conversation, args, context, info) =>
        resolveRunPage({ ...args, ...argumentsFor(conversation) }, context, info),
    }),
    runStats: t.field({
      ...RUN_STATS,
      description: `Numbers about the runs of the conversation that match all of these filters. ${DEFAULT_RUNS}`,
      args: argumentsOf(t.arg, OF_CONVERSATION),
      resolve: (conversation, args, { runs }) =>
        runs.readForStats(readRunFilter({ ...args, ...argumentsFor(conversation) })),
    }),
    messages: t.field({
      ...MESSAGE_PAGE,
      description:
        'The messages of all runs of the conversation, oldest first, a page at a time, without the prompt of the agent (REST: `GET /v1/conversations/{conversation_id}/messages`). They are read from the start for `first`, and from the end for `last`, by a request for each 200 up to the page, and at most 10,000.',
      args: messageArguments(t.arg),
      resolve: (conversation, args, { lookUps }, info) => {
        const isOfType = isOfTypes(args.types);
        return itemPage(MESSAGES, args, info, {
          fromStart: () => lookUps.messagesOf(conversation, 'asc'),
          fromEnd: () => lookUps.messagesOf(conversation, 'desc'),
          isShown: (message) => !isPrompt(message) && (isOfType?.(message) ?? true),
        });
      },
    }),
    pendingApproval: t.field({
      type: RunRef,
      nullable: true,
      description:
        'The run that waits for an answer in the conversation; null if none does, or if the conversation was forked from one that waits, where the answer would go.',
      // Look-ups: the agent, the last message, and the run.
      directives: { cost: { weight: 3 * LOOK_UP_WEIGHT } },
      resolve: async (conversation, _args, { approvals, runById }) => {
        const request = await approvals.waitingIn(conversation);
        const run = request?.runId == null ? null : await runById.load(request.runId);
        return run !== null && isOf(run, conversation) ? run : null;
      },
    }),
  }),
});

builder.objectField(AgentRef, 'defaultConversation', (t) =>
  t.field({
    type: ConversationRef,
    nullable: true,
    description: 'The conversation of messages to the agent itself. It is not in `conversations`.',
    directives: { cost: { weight: 1 } },
    resolve: ({ id }) => defaultConversationOf(id),
  }),
);

builder.objectField(RunRef, 'conversation', (t) =>
  t.field({
    ...LOOKED_UP,
    type: ConversationRef,
    description:
      'The conversation of the run, the default one if the run names none; null if the conversation was deleted.',
    resolve: ({ agentId, conversationId }, _args, { lookUps }) =>
      conversationId === null ? defaultConversationOf(agentId) : lookUps.conversation(conversationId),
  }),
);

const ConversationOrderEnum = enumOf(
  'ConversationOrderField',
  'The times by which a list of conversations can be sorted.',
  {
    created_at: 'The time of creation; conversations created in the same microsecond are sorted by id.',
    last_message_at:
      'The time of the last message, newest first; conversations without one are last. Such a list takes neither `order: ASC`, `last` nor `before`, and a cursor is no longer valid once something was sent to its conversation.',
  },
);

const { created_at: BY_CREATION } = CONVERSATION_LISTS;

export const CONVERSATION_PAGE = pageField(
  connectionOf(ConversationRef, BY_CREATION, (row) =>
    encodeCursor(CONVERSATION_LISTS[row.listedBy ?? 'created_at'].positionOf(row)),
  ),
  BY_CREATION.defaultRows,
);

/** Defines the arguments of the list of conversations, in their order in the schema. */
export function conversationListArguments(arg: ArgBuilder<Types>) {
  return {
    ...listArguments(arg, BY_CREATION, 'Newest first, DESC, if none is given.'),
    orderBy: arg({
      type: ConversationOrderEnum,
      description: 'The time to sort by; CREATED_AT if none is given (REST: `order_by`).',
    }),
  };
}

/** Resolves a page of conversations. @throws ArgumentError, InvalidCursorError, UnsupportedError, UpstreamError */
export async function resolveConversationPage(
  args: ListInput<typeof CONVERSATION_FILTERS> & Parameters<typeof conversationListOf>[0],
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Page<AgentConversation>> {
  return resolvePage(conversationListOf(args), args, context, info, BY_CREATION);
}

/** Whether a run is one of a conversation. If it pauses without streaming, it stays active, and names no conversation. */
function isOf(run: Run, { conversationId }: AgentConversation): boolean {
  return run.conversationId === conversationId || (run.conversationId === null && !hasPaused(run));
}

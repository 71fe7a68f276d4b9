import * as z from 'zod';
import { MAX_SEARCHED_TEXT } from '../../runs/limits.ts';
import { CONVERSATIONS, MESSAGES } from '../documents.ts';
import { contextOf } from '../run-context.ts';
import { agentId, conversationId, listOf, namedIn, order, ORDERS, paging, runId, tool } from '../tool.ts';

export const readMessages = tool({
  name: 'read_messages',
  description:
    'Read what was said in a run, or in a conversation, and which tools were called with what, oldest first: the last messages, or the first ones with from=start. Long texts are cut in the middle; a smaller limit shows more of each.',
  input: z
    .strictObject({
      runId: runId.optional(),
      conversationId: conversationId
        .optional()
        .describe('Instead of runId; default- and the id of an agent for what was said to it directly'),
      from: z.enum(['end', 'start']).default('end'),
      ...paging,
    })
    .refine((args) => (args.runId === undefined) !== (args.conversationId === undefined), {
      error: 'expected one of runId and conversationId',
    }),
  document: MESSAGES,
  variables: ({ runId: run, conversationId: conversation, from, limit, cursor }) => ({
    id: run ?? conversation ?? '',
    ofRun: run !== undefined,
    isFirst: cursor === undefined,
    ...(from === 'end' ? { last: limit, before: cursor } : { first: limit, after: cursor }),
  }),
  result({ run, conversation }, { from, cursor }) {
    const { nodes, pageInfo } = (run ?? conversation)?.messages ?? {};
    const { agent, summary } = conversation ?? {};
    const isEnd = from === 'end';
    const hasMore = isEnd ? pageInfo?.hasPreviousPage : pageInfo?.hasNextPage;
    const list = listOf('messages', nodes, hasMore, { keepsEnd: isEnd, cursor });
    const items = nodes?.map(({ id: _id, ...message }) => ({ ...message, isError: message.isError || null }));
    return {
      facts: { agent, summary, ...(run && contextOf(run)) },
      list: { ...list, items: items ?? [] },
    };
  },
});

export const findConversations = tool({
  name: 'find_conversations',
  description:
    'Find conversations of an agent, or by a part of their summary, for read_messages and list_runs. What was said to an agent directly is in none of them.',
  input: z.strictObject({
    agentId: agentId.optional(),
    search: z
      .string()
      .min(1)
      .max(MAX_SEARCHED_TEXT)
      .optional()
      .describe('Part of the summary, in the same case'),
    order,
    ...paging,
  }),
  document: CONVERSATIONS,
  variables: ({ limit, cursor, ...args }) => ({
    agentId: args.agentId,
    search: args.search,
    order: ORDERS[args.order],
    first: limit,
    after: cursor,
    named: namedIn(args),
  }),
  result: ({ conversations }, { cursor }) => ({
    list: listOf('conversations', conversations?.nodes, conversations?.pageInfo.hasNextPage, { cursor }),
  }),
});

import * as z from 'zod';
import { type Message, MESSAGES } from '../documents.ts';
import { ageOf } from '../times.ts';
import { cursor, limit, restOf, runId, tool } from '../tool.ts';
import { known } from './runs.ts';

export const readMessages = tool({
  name: 'read_messages',
  title: 'Read the messages of a run',
  description:
    'Read what was said and which tools were called with what, oldest first: the last messages, or the first ones with from=start. Long texts are cut in the middle; a smaller limit shows more of each.',
  input: z.strictObject({
    runId,
    from: z.enum(['end', 'start']).default('end'),
    limit,
    cursor: cursor.optional(),
  }),
  document: MESSAGES,
  variables: ({ runId: id, from, limit: count, cursor: at }) =>
    from === 'end' ? { id, last: count, before: at } : { id, first: count, after: at },
  answer({ run }, { runId: id, from }, { now, page }) {
    const { nodes = [], pageInfo } = known(run, id).messages ?? {};
    const isEnd = from === 'end';
    return {
      facts: { page: page(id) },
      list: {
        name: 'messages',
        items: nodes.map((message) => messageOf(message, now)),
        keepsEnd: isEnd,
        rest: (shown) => {
          const hasMore = isEnd ? pageInfo?.hasPreviousPage : pageInfo?.hasNextPage;
          const isAll = shown.length === nodes.length && hasMore !== true;
          return restOf(isAll ? undefined : nodes.at(isEnd ? -shown.length : shown.length - 1)?.id);
        },
      },
    };
  },
});

type KeyOf<Union> = Union extends unknown ? keyof Union : never;
type ValueOf<Union, Key extends PropertyKey> =
  Union extends Readonly<Record<Key, infer Value>> ? Value : never;

/** A message; fields that only some types have are optional. */
function messageOf(
  message: Message & { readonly [Key in KeyOf<Message>]?: ValueOf<Message, Key> },
  now: number,
): object {
  return {
    type: message.messageType.replace(/_MESSAGE$/, ''),
    age: ageOf(message.date, now),
    isError: message.isError || null,
    text: message.text ?? message.reasoning ?? message.summary,
    calls: message.toolCalls,
    returns: message.toolReturns,
    decisions: message.approvals,
  };
}

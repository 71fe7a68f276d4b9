import type { Sketch } from './random-messages.ts';

/** What tells one item from all others. */
export interface ItemKey {
  readonly id: string;
  readonly message_type: string;
  readonly otid: string | null;
}

interface MessageRequest {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
  readonly order?: 'asc' | 'desc' | undefined;
  readonly isAnswering: boolean;
  readonly types: readonly string[] | null;
}

/** The types of a message's items in order; a number in front is that of a derived `otid`, else it is what is stored. */
const ITEMS: Readonly<Record<Sketch['kind'], readonly string[]>> = {
  user: ['given user_message'],
  system: ['null system_message'],
  summary: ['null user_message'],
  thought: ['0 reasoning_message', '1 hidden_reasoning_message', '2 TEXT'],
  call: ['0 TEXT', '1 tool_call_message'],
  answer: ['0 assistant_message'],
  return: ['0 tool_return_message'],
  'answer return': ['0 tool_return_message'],
  request: ['null approval_request_message'],
  decision: ['null approval_response_message'],
};

function itemsOf({ kind }: Sketch, id: string, isAnswering: boolean): ItemKey[] {
  return ITEMS[kind].map((item) => {
    const [otid = '', type = ''] = item.split(' ');
    const text = isAnswering ? 'assistant_message' : 'reasoning_message';
    // Ids here end in zeros, so that the number of the item is the end of what is derived from them.
    const derived = `${id.replace('message-', '').slice(0, -2)}0${otid}`;
    return {
      id,
      message_type: type === 'TEXT' ? text : type,
      otid: /^\d$/.test(otid) ? derived : otid === 'null' ? null : otid,
    };
  });
}

/**
 * The items of a list, in which the sketches are in the order of insertion, as are their ids.
 * @param elsewhere a message of another run, and how many of this one were inserted before it
 */
export function expectedItems(
  sketches: readonly Sketch[],
  stored: readonly { readonly id: string }[],
  elsewhere: { readonly id: string; readonly place: number },
  { before, after, limit = 100, order = 'asc', isAnswering, types }: MessageRequest,
): ItemKey[] {
  const all = sketches.map((sketch, at) => ({ sketch, id: stored[at]?.id ?? '', at }));
  const placeOf = (id: string | undefined): number | undefined =>
    id === elsewhere.id ? elsewhere.place - 0.5 : all.find((one) => one.id === id)?.at;
  const from = placeOf(after) ?? -1;
  const to = placeOf(before) ?? Infinity;
  const ordered = order === 'asc' ? all : all.toReversed();
  const page = ordered.filter(({ at }) => at > from && at < to).slice(0, limit);
  const hasAnswer = page.some(({ sketch }) => sketch.kind === 'answer');
  return page
    .filter(({ sketch }) => !(hasAnswer && sketch.kind === 'answer return'))
    .flatMap(({ sketch, id }) => {
      const items = itemsOf(sketch, id, isAnswering);
      return order === 'asc' ? items : items.toReversed();
    })
    .filter(({ message_type }) => types === null || types.length === 0 || types.includes(message_type));
}

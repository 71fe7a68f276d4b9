import * as fc from 'fast-check';
import { UpstreamError } from '../../src/errors/upstream-error.ts';

/**
 * Stored messages of a run, and the pages that Letta 0.16.7 makes of them: `to_letta_messages_from_list`, for
 * an agent of type `memgpt_v2_agent`. Nothing here comes from `src`.
 */

type Stored =
  | { readonly id: string; readonly role: 'user' }
  | {
      readonly id: string;
      readonly role: 'assistant';
      readonly text: boolean;
      readonly calls: readonly Call[];
    }
  | { readonly id: string; readonly role: 'tool'; readonly callId: string };

interface Call {
  readonly id: string;
  readonly isSend: boolean;
}

export interface ModelRun {
  readonly stored: readonly Stored[];
  /** `include_return_message_types`, if it was started with some. */
  readonly types: readonly string[] | null;
}

type Turn = 'user' | 'empty' | 'text' | 'search' | 'send' | 'both' | 'parallel' | 'interrupted';

/** The turns of an agent; empty messages are as rare as in real runs, or rarer. */
const turn = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom<Turn>('user', 'text', 'interrupted', 'parallel', 'both') },
  { weight: 5, arbitrary: fc.constantFrom<Turn>('search', 'send') },
  { weight: 1, arbitrary: fc.constant<Turn>('empty') },
);

export function modelRuns(maxTurns: number): fc.Arbitrary<ModelRun> {
  const types = fc.option(
    fc.constantFrom(
      ['assistant_message'],
      ['assistant_message', 'tool_call_message'],
      ['user_message'],
      ['tool_return_message', 'tool_call_message'],
    ),
    { nil: null, freq: 4 },
  );
  return fc
    .tuple(fc.array(turn, { maxLength: maxTurns, size: 'max' }), types)
    .map(([turns, some]) => ({ stored: storedOf(turns), types: some }));
}

function storedOf(turns: readonly Turn[]): readonly Stored[] {
  const stored: Stored[] = [];
  let number = 0;
  let empty = 0;
  const nextId = (): string => {
    number += 1;
    return String(number).padStart(8, '0');
  };
  const call = (isSend: boolean): Call => ({ id: `call-${nextId()}`, isSend });
  const say = (text: boolean, ...calls: Call[]): void => {
    stored.push({ id: `message-${nextId()}`, role: 'assistant', text, calls });
  };
  const answer = (...calls: Call[]): void => {
    for (const { id } of calls) stored.push({ id: `message-${nextId()}`, role: 'tool', callId: id });
  };
  const interrupt = (): void => void stored.push({ id: `message-${nextId()}`, role: 'user' });
  interrupt();
  for (const each of turns) {
    const [one, other] = [call(each === 'send' || each === 'both'), call(false)];
    if (each === 'user') interrupt();
    else if (each === 'text') say(true);
    else if (each === 'empty') {
      // No more than a run is known to have.
      const spoken = stored.filter(({ role }) => role === 'assistant').length - empty;
      if (4 * (empty + 1) > spoken) continue;
      empty += 1;
      say(false);
    } else if (each === 'parallel' || each === 'both') {
      say(each === 'parallel', one, other);
      answer(one, other);
    } else {
      say(number % 2 === 0, one);
      if (each === 'interrupted') interrupt();
      answer(one);
    }
  }
  return stored;
}

/** The items of some stored messages, which are one page. */
function itemsOf(page: readonly Stored[], { types }: ModelRun): readonly object[] {
  const callers = new Map(
    page.flatMap((each) => (each.role === 'assistant' ? each.calls.map(({ id }) => [id, each]) : [])),
  );
  const items = page.flatMap((each) => {
    const item = (message_type: string, fields: object = {}) => ({ id: each.id, message_type, ...fields });
    if (each.role === 'user') return [item('user_message', { content: 'x' })];
    if (each.role === 'tool') {
      if (callers.get(each.callId)?.calls.some(({ isSend }) => isSend) === true) return [];
      return [item('tool_return_message', { tool_returns: [{ tool_call_id: each.callId }] })];
    }
    const others = each.calls.filter(({ isSend }) => !isSend);
    return [
      ...(each.text ? [item('reasoning_message', { reasoning: 'x' })] : []),
      ...(others.length < each.calls.length ? [item('assistant_message', { content: 'x' })] : []),
      ...(others.length > 0
        ? [item('tool_call_message', { tool_calls: others.map(({ id }) => ({ tool_call_id: id })) })]
        : []),
    ];
  });
  return items.filter(({ message_type }) => types?.includes(message_type) ?? true);
}

/** What one request for the whole list shows. */
export function wholeList(run: ModelRun): readonly object[] {
  return itemsOf(run.stored, run);
}

export interface ModelServer {
  /** A larger limit is refused; unlimited by default. */
  readonly max?: number;
  /** Gives fewer stored messages instead. */
  readonly isSilent?: boolean;
  /** The parameter by which later messages are asked for; null if cursors are ignored. @default 'after' */
  readonly following?: 'after' | 'before' | null;
  readonly ignoresOrder?: boolean;
  /** Called before each answer. */
  readonly onRequest?: () => void;
}

/** Answers requests for pages of a run that may change. @throws UpstreamError */
export function createPages(
  run: () => ModelRun,
  { max = Infinity, isSilent = false, following = 'after', ignoresOrder = false, onRequest }: ModelServer,
) {
  const requests: string[] = [];
  const page = async (query: string): Promise<readonly unknown[]> => {
    requests.push(query);
    onRequest?.();
    const { stored } = run();
    const parameters = new URLSearchParams(query);
    const limit = Math.min(Number(parameters.get('limit')), isSilent ? max : Infinity);
    if (limit > max) {
      const refusedParameters = [{ name: 'limit', max }];
      throw new UpstreamError('UPSTREAM_REJECTED', 'no', { status: 422, refusedParameters });
    }
    const indexOf = (name: string, absent: number): number => {
      const id = parameters.get(name);
      if (id === null) return absent;
      const index = stored.findIndex((each) => each.id === id);
      if (index === -1) throw new UpstreamError('UPSTREAM_REJECTED', 'no', { status: 404 });
      return index;
    };
    const preceding = following === 'after' ? 'before' : 'after';
    const [from, to] =
      following === null ? [-1, stored.length] : [indexOf(following, -1), indexOf(preceding, stored.length)];
    const isAscending = ignoresOrder || parameters.get('order') === 'asc';
    const range = stored.slice(from + 1, to);
    const rows = isAscending ? range.slice(0, limit) : range.slice(-limit);
    const items = itemsOf(rows, run());
    return isAscending ? items : items.toReversed();
  };
  return { page, requests };
}

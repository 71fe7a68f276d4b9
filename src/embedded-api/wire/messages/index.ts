import type { MessageRow } from '../../model/message.ts';
import { orjson } from '../orjson.ts';
import { type RowProblem, validationError } from '../validation-error.ts';
import { ANSWER_TOOL, approvalItems, assistantItems } from './assistant.ts';
import { backfillToolCallIds } from './backfill.ts';
import type { Item } from './items.ts';
import { summaryItem, systemItem, userItem } from './plain-messages.ts';
import { readMessages, type StoredMessage } from './stored-message.ts';
import { toolReturnItem } from './tool-returns.ts';

export interface MessageListOptions {
  /** Whether a text of an assistant is an answer, as of newer agents; else it is a thought. */
  readonly textIsAnswer: boolean;
  /** Whether the items of each message are sent last first. */
  readonly isReversed: boolean;
  /** The types of items to send. @default all */
  readonly types?: ReadonlySet<string> | undefined;
  /** Whether ids that a version of Letta forgot to store are taken from the call before. */
  readonly isBackfilled: boolean;
}

/**
 * Serializes the items of stored messages as a JSON list.
 * @throws RowError if Letta couldn't send one of them
 */
export function listedMessages(rows: readonly MessageRow[], options: MessageListOptions): string {
  const { textIsAnswer, isReversed, types, isBackfilled } = options;
  const read = readMessages(rows);
  const stored = isBackfilled ? backfillToolCallIds(read) : read;
  const items = withoutAnswered(stored).flatMap((message) => {
    const made = itemsOf(message, textIsAnswer);
    return isReversed ? made.toReversed() : made;
  });
  const sent = types === undefined ? items : items.filter(({ type }) => types.has(type));
  return `[${sent.map(({ keys }) => orjson(keys, 1)).join(',')}]`;
}

/** Leaves out returns of the tool by which agents answer, if its call is in the same page. */
function withoutAnswered(messages: readonly StoredMessage[]): readonly StoredMessage[] {
  const callers = new Map(
    messages.flatMap((message) =>
      message.row.role === 'assistant'
        ? message.toolCalls.map((call) => [call.tool_call_id, message.toolCalls] as const)
        : [],
    ),
  );
  return messages.filter(({ row, toolCallId }) => {
    if (row.role !== 'tool' || typeof toolCallId !== 'string') return true;
    return callers.get(toolCallId)?.some(({ name }) => name === ANSWER_TOOL) !== true;
  });
}

function itemsOf(message: StoredMessage, textIsAnswer: boolean): Item[] {
  switch (message.row.role) {
    case 'assistant':
      return assistantItems(message, textIsAnswer);
    case 'approval':
      return approvalItems(message, textIsAnswer);
    case 'tool':
      return [toolReturnItem(message)];
    case 'user':
      return [userItem(message)];
    case 'system':
      return [systemItem(message)];
    case 'summary':
      return [summaryItem(message)];
    default:
      throw validationError([unusableRole(message.row.role)], 'Message');
  }
}

/** The one role that Letta knows and all the same refuses: `function`. */
function unusableRole(input: string): RowProblem {
  const roles = "['system', 'assistant', 'user', 'tool', 'approval', 'summary']";
  return {
    path: 'role',
    type: 'assertion_error',
    msg: `Assertion failed, Role must be one of ${roles}`,
    input,
  };
}

import type { PythonValue } from '../python-json.ts';
import { approvalRequest, approvalResponse, callValue } from './approvals.ts';
import { derivedOtid, item, type Item, type Omitted } from './items.ts';
import { isText, type Read, textOf } from './models.ts';
import { objectIn, pythonStr } from './python-text.ts';
import type { Part } from './read-parts.ts';
import type { StoredMessage, ToolCall } from './stored-message.ts';

/** The tool by which older agents answer, and its argument. */
export const ANSWER_TOOL = 'send_message';
const ANSWER_ARGUMENT = 'message';

/** @param textIsAnswer whether a text is an answer; else it is a thought */
export function assistantItems(message: StoredMessage, textIsAnswer: boolean): Item[] {
  const items = contentItems(message, textIsAnswer);
  return [...items, ...callItems(message, items.length)];
}

/** Of a message with the role `approval`: thoughts, and a request for approval or the answer to one. */
export function approvalItems(message: StoredMessage, textIsAnswer: boolean): Item[] {
  const items = contentItems(message, textIsAnswer);
  return [
    ...items,
    ...(message.toolCalls.length > 0 ? approvalRequest(message) : [approvalResponse(message)]),
  ];
}

/** What a part becomes: an item of this type, whose text is appended to the item before it if it is of the same. */
interface PartItem {
  readonly type: string;
  readonly own: Readonly<Record<string, PythonValue>>;
  /** The key of a text that is appended. */
  readonly appended?: string;
  readonly omitted?: readonly Omitted[];
}

function contentItems({ row, parts }: StoredMessage, textIsAnswer: boolean): Item[] {
  const items: Item[] = [];
  for (const part of parts) {
    const otid = derivedOtid(row, items.length);
    const made = partItem(part, textIsAnswer);
    if (made === undefined) continue;
    const { type, own, appended, omitted } = made;
    const last = items.at(-1);
    if (appended === undefined || last?.type !== type) {
      items.push(item(row, type, otid, own, omitted));
    } else {
      const text = pythonStr(last.keys.get(appended) ?? '') + pythonStr(own[appended] ?? '');
      items[items.length - 1] = { type, keys: new Map([...last.keys, [appended, text]]) };
    }
  }
  return items;
}

function partItem({ type, fields }: Part, textIsAnswer: boolean): PartItem | undefined {
  switch (type) {
    case 'text':
      return textItem(textOf(fields, 'text'), textIsAnswer);
    case 'reasoning':
      return {
        ...nativeReasoning(textOf(fields, 'reasoning'), fields.get('signature')),
        appended: 'reasoning',
      };
    case 'summarized_reasoning': {
      const text = summaryOf(fields);
      return text === '' ? undefined : nativeReasoning(text, fields.get('encrypted_content'));
    }
    case 'redacted_reasoning':
      return {
        type: 'hidden_reasoning_message',
        own: { state: 'redacted', hidden_reasoning: textOf(fields, 'data') },
      };
    case 'omitted_reasoning':
      return {
        type: 'hidden_reasoning_message',
        own: { state: 'omitted', hidden_reasoning: null },
        omitted: ['sender_id'],
      };
    default:
      return undefined;
  }
}

function textItem(text: string, textIsAnswer: boolean): PartItem {
  if (textIsAnswer) return { type: 'assistant_message', own: { content: text }, appended: 'content' };
  return {
    type: 'reasoning_message',
    own: { source: 'non_reasoner_model', reasoning: text, signature: null },
  };
}

function nativeReasoning(reasoning: string, signature: PythonValue = null): PartItem {
  return {
    type: 'reasoning_message',
    own: { source: 'reasoner_model', reasoning, signature },
    omitted: ['sender_id'],
  };
}

function summaryOf(fields: Read): string {
  const summary = fields.get('summary');
  const parts: readonly PythonValue[] = Array.isArray(summary) ? summary : [];
  const texts = parts.map((part) => (part instanceof Map ? textOf(part, 'text') : ''));
  return texts.filter((text) => text !== '').join('\n\n');
}

/** One item for each row of calls; those of the answering tool are answers, which cut the row. */
function callItems({ row, toolCalls }: StoredMessage, before: number): Item[] {
  const items: Item[] = [];
  let collected: Read[] = [];
  const flush = (): void => {
    const [first] = collected;
    if (first === undefined) return;
    const otid = derivedOtid(row, before + items.length);
    items.push(item(row, 'tool_call_message', otid, { tool_call: first, tool_calls: collected }));
    collected = [];
  };
  for (const call of toolCalls) {
    // Letta derives it first, so that an answer shares the `otid` of the row of calls in front of it.
    const otid = derivedOtid(row, before + items.length);
    if (call.name !== ANSWER_TOOL) {
      collected.push(callValue(call));
      continue;
    }
    flush();
    const content = answerOf(call);
    if (content !== undefined) items.push(item(row, 'assistant_message', otid, { content }));
  }
  flush();
  return items;
}

/** Undefined without the argument. @throws RowError for arguments that aren't an object */
function answerOf(call: ToolCall): string | undefined {
  const value = objectIn(call.arguments).get(ANSWER_ARGUMENT);
  if (value === undefined || isText(value)) return value;
  if (!(value instanceof Map)) return pythonStr(value);
  const plain: Readonly<Record<string, unknown>> = JSON.parse(call.arguments);
  return JSON.stringify(plain[ANSWER_ARGUMENT], null, 2);
}

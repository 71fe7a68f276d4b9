import { MESSAGE_FIELDS, type MessageRow } from '../../model/message.ts';
import { type PythonValue, readPythonJson } from '../python-json.ts';
import { rowCheck } from '../row-checks.ts';
import { isText, type Read, readModel, textOf } from './models.ts';
import { type Approval, readApprovals } from './read-approvals.ts';
import { type Part, readList, readParts, unreadable } from './read-parts.ts';

export interface ToolCall {
  readonly name: string;
  readonly arguments: string;
  readonly tool_call_id: string;
}

/** A stored message as Letta reads it from its row. */
export interface StoredMessage {
  readonly row: MessageRow;
  readonly parts: readonly Part[];
  readonly toolCalls: readonly ToolCall[];
  readonly toolCallId: PythonValue;
  readonly toolReturns: readonly Read[];
  readonly approvals: readonly Approval[];
}

const assertValid = rowCheck('Message', MESSAGE_FIELDS, ['id', 'role']);

/** @throws RowError of the columns of all rows before those of the rows themselves, as in Letta */
export function readMessages(rows: readonly MessageRow[]): StoredMessage[] {
  const read = rows.map(readColumns);
  for (const row of rows) assertValid(row);
  return read.map(replaceResponse);
}

function readColumns(row: MessageRow): StoredMessage {
  return {
    row,
    parts: readParts(jsonOf(row.content)),
    toolCalls: readList(jsonOf(row.tool_calls)).map(readToolCall),
    toolCallId: row.tool_call_id,
    toolReturns: readList(jsonOf(row.tool_returns)).map((item) => readModel('ToolReturn', item)),
    approvals: readApprovals(jsonOf(row.approvals)),
  };
}

function jsonOf(kept: string | null): PythonValue {
  return kept === null ? null : readPythonJson(kept);
}

function readToolCall(item: Read): ToolCall {
  const called = item.get('function');
  if (!(called instanceof Map)) throw unreadable('the call has no function');
  const { name, args } = nameAndArguments(readModel('Function', called));
  const call = readModel('ChatCompletionMessageFunctionToolCall', item);
  return { name, arguments: args, tool_call_id: textOf(call, 'id') };
}

function nameAndArguments(called: Read): { name: string; args: string } {
  return { name: textOf(called, 'name'), args: textOf(called, 'arguments') };
}

/** Of a message with one return and one text, which older versions wrote, the text is the response. */
function replaceResponse(message: StoredMessage): StoredMessage {
  const { row, parts, toolReturns } = message;
  const [first] = toolReturns;
  const text = singleText(parts);
  if (row.role !== 'tool' || first === undefined || toolReturns.length > 1 || text === undefined)
    return message;
  return { ...message, toolReturns: [new Map([...first, ['func_response', text]])] };
}

/** The text of a content that is one text and nothing else. */
export function singleText(parts: readonly Part[]): string | undefined {
  const [part] = parts;
  const text = parts.length === 1 && part?.type === 'text' ? part.fields.get('text') : undefined;
  return isText(text) ? text : undefined;
}

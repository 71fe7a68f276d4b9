import type { PythonValue } from '../python-json.ts';
import { RowError } from '../row-error.ts';
import { derivedOtid, item, type Item } from './items.ts';
import { isText, notText, type Read, readModel } from './models.ts';
import { objectIn, pythonStr } from './python-text.ts';
import { partValue, readImage, readList } from './read-parts.ts';
import { singleText, type StoredMessage } from './stored-message.ts';

interface Response {
  readonly message: string;
  readonly status: string;
}

/** Turns a stored message of a tool into its item. @throws RowError */
export function toolReturnItem(message: StoredMessage): Item {
  const returns = returnsOf(message);
  const [first] = returns;
  if (first === undefined) throw new RowError('validate', 'No valid tool returns to convert');
  const { tool_return: value = null, ...rest } = Object.fromEntries(first);
  const text = Array.isArray(value) ? textOfParts(value) : value;
  if (!isText(text)) throw notText('ToolReturnMessage', 'tool_return', text);
  const { status = null, tool_call_id = null, stdout = null, stderr = null } = rest;
  return item(message.row, 'tool_return_message', derivedOtid(message.row, 0), {
    tool_return: text,
    status,
    tool_call_id,
    stdout,
    stderr,
    tool_returns: returns,
  });
}

function returnsOf({ toolReturns, toolCallId, parts }: StoredMessage): Read[] {
  const [only] = toolReturns;
  if (only === undefined) {
    const text = singleText(parts);
    if (text === undefined) return [];
    const { message, status } = readResponse(text);
    return [sentReturn({ message, status, id: toolCallId, from: new Map() })];
  }
  return toolReturns.map((stored) => {
    const response = stored.get('func_response') ?? null;
    const { message, status } = readResponse(response);
    const own = stored.get('tool_call_id') ?? null;
    return sentReturn({
      message: Array.isArray(response) ? sentParts(response) : message,
      status,
      // Of a single return, the column stands in for its own id.
      id: toolReturns.length === 1 && !own ? toolCallId : own,
      from: stored,
    });
  });
}

/** @throws RowError unless the id is a text */
export function sentReturn({
  message,
  status,
  id,
  from,
}: {
  readonly message: PythonValue;
  readonly status: PythonValue;
  readonly id: PythonValue;
  readonly from: Read;
}): Read {
  if (!isText(id)) throw notText('ToolReturn', 'tool_call_id', id);
  return new Map<string, PythonValue>([
    ['type', 'tool'],
    ['tool_return', message],
    ['status', status],
    ['tool_call_id', id],
    ['stdout', from.get('stdout') ?? null],
    ['stderr', from.get('stderr') ?? null],
  ]);
}

const STATUSES: ReadonlyMap<PythonValue, string> = new Map([
  ['OK', 'success'],
  ['Failed', 'error'],
]);

/** Reads a response as Letta packs it, `{ status, message, time }`, or as a list of parts. @throws RowError */
export function readResponse(response: PythonValue): Response {
  if (Array.isArray(response)) {
    return { message: textOfParts(response) ?? '[Multi-modal content]', status: 'success' };
  }
  const packed = objectIn(response);
  const given = packed.get('status') ?? (packed.has('status') ? null : 'OK');
  const status = STATUSES.get(given);
  if (status === undefined) throw new RowError('validate', `Invalid status: ${pythonStr(given)}`);
  const message = packed.get('message');
  return { message: pythonStr(message === undefined ? response : message), status };
}

/** The texts of a list of parts, with a placeholder for its images; null without any. */
function textOfParts(parts: readonly PythonValue[]): string | null {
  const read = readList(parts);
  const text = read.flatMap((part) => {
    const value = part.get('type') === 'text' ? part.get('text') : null;
    return isText(value) && value !== '' ? [value] : [];
  });
  const images = read.filter((part) => part.get('type') === 'image').length;
  const placeholder = images === 0 ? [] : [images === 1 ? '[Image omitted]' : `[${images} images omitted]`];
  return [text.join('\n'), ...placeholder].filter((piece) => piece !== '').join(' ') || null;
}

function sentParts(parts: readonly PythonValue[]): PythonValue[] {
  return readList(parts).map((part) =>
    part.get('type') === 'image'
      ? partValue(readImage(part))
      : partValue({ type: 'text', fields: readModel('TextContent', part) }),
  );
}

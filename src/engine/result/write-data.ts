import { GatewayError } from '../../errors/gateway-error.ts';
import { stringifyJson } from '../../json/stringify-json.ts';
import { CopiedRows, writeRows } from '../rows/copied-rows.ts';

/**
 * Writes the data of a result as `{"data":…}`, with the rows that are copied.
 *
 * @throws GatewayError `RESPONSE_TOO_LARGE` for more than `maxBytes`
 */
export function writeData(data: unknown, maxBytes: number): Uint8Array<ArrayBuffer> {
  let room = maxBytes;
  const take = (length: number): void => {
    room -= length;
    if (room >= 0) return;
    const message = `The response would exceed ${maxBytes} bytes; request fewer rows or fields at once.`;
    throw new GatewayError('RESPONSE_TOO_LARGE', message, { maxBytes });
  };
  const { pieces, copied } = piecesOf(data, take);
  // Grouped by scan: writing rows of another scan copies the text of that scan into the scanner's memory. In reverse,
  // since only the last output needs no copy, and the first list is mostly the largest.
  let unwritten = copied.length;
  for (const group of Map.groupBy(copied.toReversed(), ({ rows }) => rows.scan).values()) {
    for (const { rows, index } of group) {
      const piece = writeRows(rows, room);
      take(piece.length);
      pieces[index] = --unwritten === 0 || typeof piece === 'string' ? piece : Buffer.from(piece);
    }
  }
  const length = pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
  if (length > maxBytes) take(length);
  const out = Buffer.allocUnsafe(length);
  let at = 0;
  for (const piece of pieces) {
    if (typeof piece === 'string') at += out.write(piece, at);
    else {
      out.set(piece, at);
      at += piece.length;
    }
  }
  return out;
}

/** Returns JSON texts, and the rows to copy between them. @param take receives the lengths of texts, in characters */
function piecesOf(data: unknown, take: (length: number) => void) {
  const pieces: (string | Uint8Array)[] = [];
  const copied: { readonly rows: CopiedRows; readonly index: number }[] = [];
  let text = '{"data":';
  const add = (more: string): void => {
    text += more;
    take(more.length);
  };
  const visit = (value: unknown): void => {
    if (value instanceof CopiedRows) {
      copied.push({ rows: value, index: pieces.push(value.isList ? `${text}[` : text) });
      pieces.push('');
      text = value.isList ? ']' : '';
    } else if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) {
        add(index === 0 ? '[' : ',');
        visit(value[index]);
      }
      add(value.length === 0 ? '[]' : ']');
    } else if (isResultObject(value)) {
      let separator = '{';
      for (const key in value) {
        add(`${separator}${NAME.test(key) ? `"${key}"` : JSON.stringify(key)}:`);
        visit(value[key]);
        separator = ',';
      }
      add(separator === '{' ? '{}' : '}');
    } else add(typeof value === 'boolean' ? String(value) : stringifyJson(value));
  };
  visit(data);
  pieces.push(`${text}}`);
  return { pieces, copied };
}

/** A key that needs no escaping: any that the executor makes. A plugin's scalar may have others. */
const NAME = /^\w+$/;

/** Objects of the executor have no prototype, unlike the values of most scalars, except raw JSON. */
function isResultObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== null) return false;
  return !JSON.isRawJSON(value);
}

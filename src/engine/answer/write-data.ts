import { stringifyJson } from '../../json/stringify-json.ts';
import { RowLeaf, type WriteLeaf } from '../rows/index.ts';

/** An answer exceeds the size limit. */
export class ResponseTooLargeError extends Error {
  override readonly name = 'ResponseTooLargeError' as const;
}

/** A part of an answer: JSON text, or a leaf that writes its rows. */
type Part = string | RowLeaf;

/**
 * Writes the data of a result as `{"data":…}`, with leaves writing their rows.
 *
 * @throws ResponseTooLargeError for more than `maxBytes`
 */
export function writeData(data: unknown, write: WriteLeaf, maxBytes: number): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[][] = [];
  const leaves: { readonly leaf: RowLeaf; readonly out: Uint8Array[] }[] = [];
  let length = 0;
  const add = (out: Uint8Array[], piece: Uint8Array): void => {
    length += piece.length;
    if (length > maxBytes) throw new ResponseTooLargeError('The answer is too large');
    out.push(piece);
  };
  for (const part of partsOf(data, maxBytes)) {
    const out: Uint8Array[] = [];
    pieces.push(out);
    if (typeof part === 'string') add(out, Buffer.from(part));
    else leaves.push({ leaf: part, out });
  }
  const isValidUntilEnd = leaves.length === 1;
  // By scan, since those of alternating scans, such as a page of runs with pages of their agents in between,
  // would be copied into the scanner's memory again and again.
  for (const group of Map.groupBy(leaves, ({ leaf }) => leaf.scan).values()) {
    for (const { leaf, out } of group)
      write(leaf, (piece) => add(out, isValidUntilEnd ? piece : Buffer.from(piece)));
  }
  return Buffer.concat(pieces.flat(), length);
}

function partsOf(data: unknown, maxBytes: number): readonly Part[] {
  const parts: Part[] = [];
  let text = '{"data":';
  let length = 0;
  const add = (more: string): void => {
    text += more;
    length += more.length;
    if (length > maxBytes) throw new ResponseTooLargeError('The answer is too large');
  };
  const visit = (value: unknown): void => {
    if (value instanceof RowLeaf) {
      parts.push(value.isList ? `${text}[` : text, value);
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
        // GraphQL names need no escaping.
        add(`${separator}"${key}":`);
        visit(value[key]);
        separator = ',';
      }
      add(separator === '{' ? '{}' : '}');
    } else add(stringifyJson(value));
  };
  visit(data);
  parts.push(`${text}}`);
  return parts;
}

/** Objects created by the executor have no prototype; values of scalars have one, or are numbers in JSON. */
function isResultObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== null) return false;
  return !JSON.isRawJSON(value);
}

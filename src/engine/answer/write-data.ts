import { stringifyJson } from '../../json/stringify-json.ts';
import { Leaf } from '../rows/row-leaf.ts';
import { ByteWriter, ResponseTooLargeError } from './byte-writer.ts';

/** A part of an answer: JSON text, or a leaf that writes its rows. */
type Part = string | Leaf;

/**
 * Writes the data of a result as `{"data":…}`, with leaves writing their rows.
 *
 * @throws ResponseTooLargeError for more than `maxBytes`
 */
export function writeData(data: unknown, maxBytes: number): Uint8Array {
  const parts = partsOf(data, maxBytes);
  const copies = writeGrouped(parts, maxBytes);
  const out = new ByteWriter(maxBytes);
  for (const part of parts) {
    if (typeof part === 'string') out.text(part);
    else {
      const copy = copies?.get(part);
      if (copy === undefined) part.writeTo(out);
      else out.bytes(copy);
    }
  }
  return out.take();
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
  const write = (value: unknown): void => {
    if (value instanceof Leaf) {
      parts.push(text, value);
      text = '';
    } else if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) {
        add(index === 0 ? '[' : ',');
        write(value[index]);
      }
      add(value.length === 0 ? '[]' : ']');
    } else if (isResultObject(value)) {
      let separator = '{';
      for (const key in value) {
        // GraphQL names need no escaping.
        add(`${separator}"${key}":`);
        write(value[key]);
        separator = ',';
      }
      add(separator === '{' ? '{}' : '}');
    } else add(stringifyJson(value));
  };
  write(data);
  parts.push(`${text}}`);
  return parts;
}

/** Objects created by the executor have no prototype; values of scalars have one, or are numbers in JSON. */
function isResultObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== null) return false;
  return !JSON.isRawJSON(value);
}

/**
 * Writes the leaves grouped by scan, ahead of the rest: otherwise alternating scans, such as a page of
 * runs with pages of their agents in between, would be copied into the scanner's memory again and again.
 */
function writeGrouped(parts: readonly Part[], maxBytes: number): ReadonlyMap<Leaf, Uint8Array> | undefined {
  // Only one leaf, between two texts: nothing to reorder.
  if (parts.length <= 3) return undefined;
  const leaves = parts.filter((part) => typeof part !== 'string');
  const byScan = Map.groupBy(leaves, ({ scan }) => scan);
  if (byScan.size === leaves.length || byScan.size === 1) return undefined;
  const out = new ByteWriter(maxBytes);
  const ends = [...byScan.values()].flat().map((leaf) => {
    leaf.writeTo(out);
    return [leaf, out.length] as const;
  });
  const bytes = out.take();
  return new Map(
    ends.map(([leaf, end], index) => [leaf, bytes.subarray(ends[index - 1]?.[1] ?? 0, end)] as const),
  );
}

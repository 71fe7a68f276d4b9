import { Leaf } from '../rows/leaf.ts';
import { ByteWriter, ResponseTooLargeError } from './byte-writer.ts';

/** The text of an answer, and its rows between. */
type Part = string | Leaf;

/**
 * Writes the data of a result as `{"data":…}`; its rows are copied to where they stand.
 *
 * @throws ResponseTooLargeError for more than `maxBytes`
 */
export function writeData(data: unknown, maxBytes: number): Uint8Array {
  const parts = partsOf(data, maxBytes);
  const copies = copiedAhead(parts, maxBytes);
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
        // Names of GraphQL need no escapes.
        add(`${separator}"${key}":`);
        write(value[key]);
        separator = ',';
      }
      add(separator === '{' ? '{}' : '}');
    } else add(JSON.stringify(value) ?? 'null');
  };
  write(data);
  parts.push(`${text}}`);
  return parts;
}

/** Those that the executor makes have no prototype; a value of a scalar such as JSON has one. */
function isResultObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null;
}

/**
 * Several leaves of one text are written one after the other, or the text would be copied in anew
 * for each: as where rows of one page stand between pages of their agents.
 */
function copiedAhead(parts: readonly Part[], maxBytes: number): ReadonlyMap<Leaf, Uint8Array> | undefined {
  // Text, a leaf, and text: nothing to put in another order.
  if (parts.length <= 3) return undefined;
  const leaves = parts.filter((part) => typeof part !== 'string');
  const byText = Map.groupBy(leaves, ({ scan }) => scan);
  if (byText.size === leaves.length || byText.size === 1) return undefined;
  const out = new ByteWriter(maxBytes);
  const ends = [...byText.values()].flat().map((leaf) => {
    leaf.writeTo(out);
    return [leaf, out.length] as const;
  });
  const bytes = out.take();
  return new Map(
    ends.map(([leaf, end], index) => [leaf, bytes.subarray(ends[index - 1]?.[1] ?? 0, end)] as const),
  );
}

import { RowLeaf } from '../rows/row-leaf.ts';
import { ByteWriter } from './byte-writer.ts';

/**
 * Writes the data of a result as `{"data":…}`; its rows are copied to where they stand.
 *
 * @throws ResponseTooLargeError for more than `maxBytes`
 */
export function writeData(data: unknown, maxBytes: number): Uint8Array {
  const copies = copiedAhead(data, maxBytes);
  const out = new ByteWriter(maxBytes);
  const write = (value: unknown): void => {
    if (value instanceof RowLeaf) {
      const copy = copies?.get(value);
      return copy === undefined ? value.writeTo(out) : out.bytes(copy);
    }
    if (Array.isArray(value)) {
      out.text('[');
      value.forEach((item: unknown, index) => {
        if (index > 0) out.text(',');
        write(item);
      });
      return out.text(']');
    }
    if (!isResultObject(value)) return out.text(JSON.stringify(value) ?? 'null');
    let separator = '{';
    for (const key in value) {
      // Names of GraphQL need no escapes.
      out.text(`${separator}"${key}":`);
      write(value[key]);
      separator = ',';
    }
    out.text(separator === '{' ? '{}' : '}');
  };
  out.text('{"data":');
  write(data);
  out.text('}');
  return out.take();
}

/** Those that the executor makes have no prototype; a value of a scalar such as JSON has one. */
function isResultObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null;
}

/**
 * Several leaves of one text are written one after the other, or the text would be copied in anew
 * for each: as where rows of one page stand between pages of their agents.
 */
function copiedAhead(data: unknown, maxBytes: number): ReadonlyMap<RowLeaf, Uint8Array> | undefined {
  const leaves = leavesOf(data, []);
  if (leaves.length < 2) return undefined;
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

function leavesOf(value: unknown, found: RowLeaf[]): readonly RowLeaf[] {
  if (value instanceof RowLeaf) found.push(value);
  else if (Array.isArray(value)) for (const item of value) leavesOf(item, found);
  else if (isResultObject(value)) for (const key in value) leavesOf(value[key], found);
  return found;
}

import { isObject } from '../../../json/parse-json.ts';
import { DecodeError } from './decode-error.ts';
import type { JsonObject, RowIndex } from './field-readers.ts';

/** The properties of a field by which it is read. */
interface ReadableField {
  readonly wire: string;
  readonly kind: string;
  /** Where older servers, which lack the key, have the value: the key of an object, and a key in that object. */
  readonly older?: readonly [object: string, key: string];
}

export type FieldTable = Readonly<Record<string, ReadableField>>;

/** Readers by kinds of fields. They get the whole object as well, since some fields also have deprecated keys. */
type Readers = Readonly<
  Record<string, (value: unknown, row: RowIndex, path: string, whole: JsonObject) => unknown>
>;

type ReadObject = (json: JsonObject, row: RowIndex) => unknown;

/**
 * Returns a function that reads all fields of an object at once, in the order of their table. Other keys are ignored.
 *
 * @param parent what precedes the keys in the paths of errors
 * @throws DecodeError
 */
export function readerOf(
  fields: FieldTable,
  readers: Readers,
  parent = '',
): (json: JsonObject, row?: RowIndex) => Record<string, unknown> {
  const all = Object.entries(fields).map(
    ([name, field]) => [name, fieldReader(field, readers, parent)] as const,
  );
  return (json, row = null) => {
    const values: Record<string, unknown> = {};
    for (const [name, read] of all) values[name] = read(json, row);
    return values;
  };
}

function fieldReader({ wire, kind, older }: ReadableField, readers: Readers, parent: string): ReadObject {
  const read = readers[kind];
  if (read === undefined) throw new Error(`Fields of the kind ${kind} have no reader`);
  const path = parent + wire;
  if (older === undefined) return (json, row) => read(json[wire], row, path, json);
  const [holder, key] = older;
  return (json, row) => {
    const place = json[holder];
    return wire in json || !isObject(place)
      ? read(json[wire], row, path, json)
      : read(place[key], row, key, place);
  };
}

/** Returns a text of an object; undefined if there is none by this key. */
export function textIn(json: unknown, key: string): string | undefined {
  const text = isObject(json) ? json[key] : undefined;
  return typeof text === 'string' ? text : undefined;
}

/** Returns a value that must be an object. @throws DecodeError */
export function asObject(json: unknown, what: string, row: RowIndex = null): JsonObject {
  if (isObject(json)) return json;
  throw new DecodeError(row, '', what, json);
}

/** Returns a value that must be a list of objects. @throws DecodeError */
export function asObjects(json: unknown, what: string): readonly JsonObject[] {
  if (!Array.isArray(json)) throw new DecodeError(null, '', `a list of ${what}s`, json);
  return json.map((row: unknown, index) => asObject(row, `a ${what}`, index));
}

import { isDeepStrictEqual } from 'node:util';
import { isObject, parseJson } from '../json/parse-json.ts';
import { stringifyJson } from '../json/stringify-json.ts';
import { quote } from '../lists/list-errors.ts';
import { type ArgumentType, refuse } from './argument-types.ts';
import { MAX_EQUALS_LENGTH, MAX_PATH_LENGTH } from './limits.ts';

/** A condition on the metadata of a run, as a client sends it. */
export interface MetadataFilterInput {
  readonly path: string;
  readonly equals?: unknown;
  readonly exists?: boolean | null | undefined;
}

/** A condition as it was read: the keys of its path, and one of `equals`, which may be null, and `exists`. */
export type MetadataFilter = { readonly path: readonly string[] } & (
  | { readonly equals: unknown }
  | { readonly exists: boolean }
);

/** Keys with dots between them; a backslash stands before a dot or a backslash of a key. */
const PATH = /^(?:[^.\\]|\\[.\\])+(?:\.(?:[^.\\]|\\[.\\])+)*$/su;
const KEY = /(?:[^.\\]|\\[.\\])+/gsu;

export const METADATA: ArgumentType<MetadataFilterInput, MetadataFilter> = {
  type: 'MetadataFilter',
  read(input, argument) {
    const { equals, exists } = input;
    const path = readPath(input.path, argument);
    const hasExists = exists !== undefined && exists !== null;
    if (hasExists === (equals !== undefined)) {
      const got = hasExists ? 'both' : 'neither';
      refuse(argument, `expected one of equals and exists, but got ${got} (path: ${quote(input.path)})`);
    }
    if (hasExists) return { path, exists };
    const text = stringifyJson(equals);
    if (text.length > MAX_EQUALS_LENGTH) {
      refuse(
        `${argument}.equals`,
        `expected at most ${MAX_EQUALS_LENGTH} characters of JSON, but got ${text.length}`,
      );
    }
    checkDigits(equals, argument);
    // Parsed as metadata are, so that the two can be compared.
    return { path, equals: parseJson(text) };
  },
};

/** Whether metadata meet all conditions. What is in lists has no path; nor has anything where there are no metadata. */
export function matchesMetadata(metadata: unknown, filters: readonly MetadataFilter[]): boolean {
  return filters.every((filter) => {
    const value = valueAt(metadata, filter.path);
    return 'exists' in filter
      ? (value !== undefined) === filter.exists
      : isDeepStrictEqual(filter.equals, value === 0 ? 0 : value); // Or -0, which JSON may have.
  });
}

/** Returns what is at a path of keys in objects; undefined if there is nothing, not even null. */
function valueAt(metadata: unknown, path: readonly string[]): unknown {
  let found = metadata;
  for (const key of path) {
    if (!isObject(found) || JSON.isRawJSON(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

function readPath(path: string, argument: string): readonly string[] {
  if (path.length > MAX_PATH_LENGTH || !PATH.test(path)) {
    refuse(
      `${argument}.path`,
      `expected at most ${MAX_PATH_LENGTH} characters, keys with dots between them, such as "customer" or "order.id" (\\. for a dot in a key, \\\\ for a backslash), but got ${quote(path)}`,
    );
  }
  return (path.match(KEY) ?? []).map((key) => key.replaceAll(/\\([.\\])/g, '$1'));
}

/** Numbers in queries and variables are parsed to doubles, and may have lost digits. @throws ArgumentError */
function checkDigits(value: unknown, argument: string): void {
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    refuse(
      `${argument}.equals`,
      `expected numbers up to 2^53-1, since greater ones lose digits, but got ${value}`,
    );
  }
  if (typeof value !== 'object' || value === null) return;
  for (const each of Object.values(value)) checkDigits(each, argument);
}

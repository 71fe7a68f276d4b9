import { RowError } from './row-error.ts';

/**
 * A JSON value as Python reads it: whole numbers are bigints, others floats; objects keep the order of their keys,
 * and of a repeated key the first position and the last value.
 */
export type PythonValue =
  | null
  | boolean
  | string
  | bigint
  | number
  | readonly PythonValue[]
  | ReadonlyMap<string, PythonValue>;

/** Python's recursion limit, as far as Letta's own calls leave it; it differs by a few in other installations. */
const MAX_DEPTH = 974;
const MAX_DIGITS = 4300;

const TOKEN =
  /[ \t\n\r]*(?:("[^"\\]*(?:\\.[^"\\]*)*")|(-?\d+(?![\d.eE]))|(-?\d[\d.eE+-]*)|([[{}\],:]|[a-z]+))/y;

/**
 * Reads a JSON text like Python's `json.loads`. Doesn't use `JSON.parse`, which rounds whole numbers, reorders keys
 * that look like numbers and, in V8, can mistake a key with an escape for another text's.
 * @throws RowError for what Python refuses to read; Error if it isn't JSON.
 */
export function readPythonJson(text: string): PythonValue {
  let at = 0;
  const next = (): RegExpExecArray => {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text);
    if (token === null) throw new Error(`expected JSON, but got at ${at}: ${text.slice(at, at + 20)}`);
    at = TOKEN.lastIndex;
    return token;
  };
  const value = ([, string, integer, float, other]: RegExpExecArray, depth: number): PythonValue => {
    if (string !== undefined) return readString(string);
    if (integer !== undefined) return readInteger(integer);
    if (float !== undefined) return Number(float);
    if (other === '[' || other === '{') {
      if (depth > MAX_DEPTH) throw new RowError('read', 'maximum recursion depth', { isUnhandled: true });
      return other === '[' ? list(depth) : dict(depth);
    }
    return other === 'null' ? null : other === 'true';
  };
  const list = (depth: number): PythonValue[] => {
    const items: PythonValue[] = [];
    for (let token = next(); token[4] !== ']'; token = next()) {
      if (token[4] !== ',') items.push(value(token, depth + 1));
    }
    return items;
  };
  const dict = (depth: number): Map<string, PythonValue> => {
    const entries = new Map<string, PythonValue>();
    for (let token = next(); token[4] !== '}'; token = next()) {
      if (token[4] === ',') continue;
      const key = readString(token[1] ?? '""');
      next();
      entries.set(key, value(next(), depth + 1));
    }
    return entries;
  };
  return value(next(), 1);
}

/** A text alone, without keys, is safe to read by `JSON.parse`. */
function readString(token: string): string {
  return token.includes('\\') ? String(JSON.parse(token)) : token.slice(1, -1);
}

function readInteger(token: string): bigint {
  const digits = token.startsWith('-') ? token.length - 1 : token.length;
  if (digits <= MAX_DIGITS) return BigInt(token);
  throw new RowError(
    'read',
    `Exceeds the limit (${MAX_DIGITS} digits) for integer string conversion: value has ${digits} digits; ` +
      'use sys.set_int_max_str_digits() to increase the limit',
  );
}

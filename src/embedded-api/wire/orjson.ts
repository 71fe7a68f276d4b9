import type { PythonValue } from './python-json.ts';
import { pythonString } from './python-repr.ts';
import { RowError } from './row-error.ts';

/** Pydantic's limit for nested values. */
const MAX_DUMPED = 256;
/** The limit of orjson, for the containers of a whole response. */
const MAX_ENCODED = 254;
const MIN_INTEGER = -(2n ** 63n);
const MAX_INTEGER = 2n ** 64n - 1n;

/**
 * Writes a value as Letta does, which is by orjson: floats with a fraction or exponent, infinity as null, text
 * without escapes where it can be, and without lone surrogates.
 * @param outside the number of containers of the response around the value
 * @throws RowError for what Pydantic or orjson refuse: deep nesting, integers beyond 64 bits, keys with surrogates
 */
export function orjson(value: PythonValue, outside: number): string {
  assertDumpable(value, 1);
  return encode(value, outside);
}

function assertDumpable(value: PythonValue, depth: number): void {
  if (depth > MAX_DUMPED) throw new RowError('dump', 'Circular reference detected (depth exceeded)');
  if (Array.isArray(value)) for (const item of value) assertDumpable(item, depth + 1);
  if (!(value instanceof Map)) return;
  for (const [key, item] of value) {
    assertEncodable(key);
    assertDumpable(item, depth + 1);
  }
}

/** In the words of Python's codec, which counts characters rather than UTF-16 units. */
function assertEncodable(key: string): void {
  const lone = /\p{Surrogate}+/u.exec(key);
  if (lone === null) return;
  const [{ length }] = lone;
  const start = key.slice(0, lone.index).match(/./gsu)?.length ?? 0;
  const where =
    length === 1
      ? `character ${pythonString(lone[0])} in position ${start}`
      : `characters in position ${start}-${start + length - 1}`;
  throw new RowError('dump', `'utf-8' codec can't encode ${where}: surrogates not allowed`);
}

function encode(value: PythonValue, outside: number): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value.replaceAll(/\p{Surrogate}/gu, ''));
  if (typeof value === 'number') return encodeFloat(value);
  if (typeof value === 'bigint') {
    if (value >= MIN_INTEGER && value <= MAX_INTEGER) return String(value);
    throw new RowError('encode', 'Integer exceeds 64-bit range', { isUnhandled: true });
  }
  const depth = outside + 1;
  if (depth > MAX_ENCODED) throw new RowError('encode', 'Recursion limit reached', { isUnhandled: true });
  if (value instanceof Map) {
    return `{${Array.from(value, ([key, item]) => `${JSON.stringify(key)}:${encode(item, depth)}`).join(',')}}`;
  }
  return `[${Array.from(value, (item: PythonValue) => encode(item, depth)).join(',')}]`;
}

function encodeFloat(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-5 || size >= 1e16)) return value.toExponential();
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

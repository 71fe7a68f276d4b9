import { hasEscapedKey } from './escaped-keys.ts';
import { readJson } from './read-json.ts';

declare global {
  interface JSON {
    /** From ES2026; not yet in TypeScript's library. */
    rawJSON(text: string): unknown;
    /** From ES2026; not yet in TypeScript's library. */
    isRawJSON(value: unknown): boolean;
  }
}

/** The number of digits from which an integer may not fit into a double. */
const LONG = 16;

/**
 * Parses JSON like `JSON.parse`, but keeps all digits of integers beyond ±(2^53-1): they become
 * `JSON.rawJSON` values, which `JSON.stringify` writes unchanged. Runs contain arbitrary JSON of their
 * users, in which 64-bit ids must be preserved.
 *
 * Keys are those of the text, which `JSON.parse` doesn't ensure; see {@link parseInputJson}.
 *
 * @param exact makes another value of the text of such an integer
 * @throws SyntaxError as `JSON.parse`
 */
export function parseJson(text: string, exact: (source: string) => unknown = JSON.rawJSON): unknown {
  return hasLongNumber(text) ? readJson(text, (source) => readNumber(source, exact)) : parseInputJson(text);
}

/**
 * Parses JSON like `JSON.parse`, for what isn't passed on: all numbers are doubles.
 *
 * V8 (13.6 and 14.6) compares a key that has an escape with keys that it has seen before by the wrong
 * characters: those of its source text, as many as the key itself has. So the key `"\n"` becomes a
 * backslash, wherever an object with the same keys before it once had the key `"\\"`, even in the
 * text of another caller. Only keys that are spelled with an escape are affected: texts with such keys
 * are parsed in another way. Nothing else in the gateway may call `JSON.parse` for texts from outside.
 *
 * @throws SyntaxError as `JSON.parse`
 */
export function parseInputJson(text: string): unknown {
  return hasEscapedKey(text) ? readJson(text, Number) : JSON.parse(text);
}

/** Looks at one character of sixteen: a regular expression, which looks at all, takes as long as parsing. */
function hasLongNumber(text: string): boolean {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    const code = text.charCodeAt(at);
    const isDigit = code >= 0x30 && code <= 0x39;
    if (isDigit && /\d{16}/.test(text.slice(at - LONG + 1, at + LONG))) return true;
  }
  return false;
}

function readNumber(source: string, exact: (source: string) => unknown): unknown {
  const value = Number(source);
  return Number.isSafeInteger(value) || !/^-?\d+$/.test(source) ? value : exact(source);
}

/** Whether a parsed value is an object of fields: no list, and no integer beyond ±(2^53-1), which is an object too. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}

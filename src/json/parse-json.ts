import { hasEscapedKey } from './escaped-keys.ts';
import { parseSlow } from './fallback-parser.ts';

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
 * Parses JSON like {@link parseInputJson}, but keeps all digits of integers beyond ±(2^53-1), such as 64-bit ids in
 * metadata: they become `JSON.rawJSON` values, which `JSON.stringify` writes unchanged.
 *
 * @param exact makes another value of the text of such an integer
 * @throws SyntaxError as `JSON.parse`
 */
export function parseJson(text: string, exact: (source: string) => unknown = JSON.rawJSON): unknown {
  return hasLongNumber(text) ? parseSlow(text, (source) => readNumber(source, exact)) : parseInputJson(text);
}

/**
 * Parses JSON, all numbers to doubles. Nothing else may call `JSON.parse` for texts from outside: in V8 13.6 and 14.6 a
 * key that is spelled with an escape, such as `"\n"`, may become a key of an earlier text, even of another caller.
 *
 * @throws SyntaxError as `JSON.parse`
 */
export function parseInputJson(text: string): unknown {
  return hasEscapedKey(text) ? parseSlow(text, Number) : JSON.parse(text);
}

/** Checks one character in sixteen: a regular expression, which checks all of them, takes as long as parsing. */
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

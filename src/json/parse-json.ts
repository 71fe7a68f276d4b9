import { countObjects } from './count-objects.ts';
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

/**
 * The objects and lists in a text from a client, which may be a mebibyte and consist of nothing else; fewer, where keys
 * have escapes, and it is read by our own means.
 */
const MAX_INPUT_OBJECTS = 260_000;
const MAX_ESCAPED_OBJECTS = 100_000;

/** A text from a client would take too much memory; the message is for the client. */
export class JsonLimitError extends SyntaxError {
  override readonly name = 'JsonLimitError' as const;

  constructor(limit: number) {
    super(`The JSON has more than ${limit} objects and lists, which is the limit.`);
  }
}

/** The number of digits from which an integer may not fit into a double. */
const LONG = 16;

/**
 * Parses JSON like `JSON.parse`, but keeps all digits of integers beyond ±(2^53-1): they become
 * `JSON.rawJSON` values, which `JSON.stringify` writes unchanged. Runs contain arbitrary JSON of their
 * users, in which 64-bit ids must be preserved. Texts of any depth can be parsed.
 *
 * Keys are those of the text, which `JSON.parse` doesn't ensure; see {@link parseInputJson}.
 *
 * @throws SyntaxError as `JSON.parse`
 */
export function parseJson(text: string): unknown {
  // A reviver is told a number's source as well, but takes nearly twice as long, and recurses.
  return hasLongNumber(text) ? readJson(text, readNumber) : parseDoubles(text);
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
 * @throws JsonLimitError for more than 260,000 objects and lists, or 100,000 where keys have escapes
 */
export function parseInputJson(text: string): unknown {
  if (text.length > MAX_ESCAPED_OBJECTS) {
    const limit = hasEscapedKey(text) ? MAX_ESCAPED_OBJECTS : MAX_INPUT_OBJECTS;
    if (countObjects(text) > limit) throw new JsonLimitError(limit);
  }
  return parseDoubles(text);
}

function parseDoubles(text: string): unknown {
  return hasEscapedKey(text) ? readJson(text, Number) : JSON.parse(text);
}

/**
 * Whether the text contains sixteen consecutive digits. Such a sequence covers one of every sixteen
 * positions, so only those are checked; a regular expression, which checks all, took a tenth of the
 * time of a large page.
 */
function hasLongNumber(text: string): boolean {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let start = at;
    let end = at + 1;
    while (start > 0 && isDigit(text.charCodeAt(start - 1))) start--;
    while (end < text.length && isDigit(text.charCodeAt(end))) end++;
    if (end - start >= LONG) return true;
  }
  return false;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function readNumber(source: string): unknown {
  const value = Number(source);
  return Number.isSafeInteger(value) || !/^-?\d+$/.test(source) ? value : JSON.rawJSON(source);
}

/** Whether what `parseInputJson` has returned is an object, and no list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

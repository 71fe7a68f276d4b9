declare global {
  interface JSON {
    /** From ES2026; not yet in TypeScript's library. */
    rawJSON(text: string): unknown;
  }
}

/** The number of digits from which an integer may not fit into a double. */
const LONG = 16;

/**
 * Parses JSON like `JSON.parse`, but keeps all digits of integers beyond ±(2^53-1): they become
 * `JSON.rawJSON` values, which `JSON.stringify` writes unchanged. Runs contain arbitrary JSON of their
 * users, in which 64-bit ids must be preserved.
 *
 * @throws SyntaxError as `JSON.parse`
 */
export function parseJson(text: string): unknown {
  return hasLongNumber(text) ? JSON.parse(text, keepLongNumber) : JSON.parse(text);
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

function keepLongNumber(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? JSON.rawJSON(source) : value;
}

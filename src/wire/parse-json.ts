declare global {
  interface JSON {
    /** Of ES2026; not in TypeScript's library yet. */
    rawJSON(text: string): unknown;
  }
}

/** Digits of the shortest number that a double may not hold. */
const LONG = 16;

/**
 * `JSON.parse`, but a whole number beyond ±(2^53-1) keeps its digits: it becomes a `JSON.rawJSON`
 * value, which `JSON.stringify` writes as it came. Runs carry free JSON of their users, in which a
 * 64-bit id must survive the way through.
 *
 * @throws SyntaxError as `JSON.parse`
 */
export function parseJson(text: string): unknown {
  return hasLongNumber(text) ? JSON.parse(text, keepLongNumber) : JSON.parse(text);
}

/**
 * Whether there are sixteen digits in a row somewhere. Such a row covers one of every sixteen
 * places, so only those are looked at; a regular expression looks at all, and took a tenth of the
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

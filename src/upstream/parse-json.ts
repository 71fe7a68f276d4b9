declare global {
  interface JSON {
    /** Of ES2026; not in TypeScript's library yet. */
    rawJSON(text: string): unknown;
  }
}

/** Sixteen digits in a row: what may be a number that a double can't hold. Rare, and quick to rule out. */
const LONG_NUMBER = /\d{16}/;

/**
 * `JSON.parse`, but a whole number beyond ±(2^53-1) keeps its digits: it becomes a `JSON.rawJSON`
 * value, which `JSON.stringify` writes as it came. Runs carry free JSON of their users, in which a
 * 64-bit id must survive the way through.
 *
 * @throws SyntaxError as `JSON.parse`
 */
export function parseJson(text: string): unknown {
  return LONG_NUMBER.test(text) ? JSON.parse(text, keepLongNumber) : JSON.parse(text);
}

function keepLongNumber(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? JSON.rawJSON(source) : value;
}

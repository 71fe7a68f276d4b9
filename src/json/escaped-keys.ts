/** Spaces and the colon behind a key. */
const COLON = /[\t\n\r ]*:/y;

/**
 * Whether a key of the JSON text is spelled with an escape, such as `"a\n"` or `"\u0061"`. Invalid texts
 * may get either answer. Searches forward only, at the speed of `indexOf`.
 */
export function hasEscapedKey(text: string): boolean {
  let quote = -1;
  // Only strings have backslashes.
  for (let at = text.indexOf('\\'); at !== -1; at = text.indexOf('\\', at)) {
    // The escaped character may be a quote.
    at += 2;
    if (quote < at) quote = text.indexOf('"', at);
    if (quote === -1) return false;
    const next = text.indexOf('\\', at);
    const isLastEscape = next === -1 || next > quote;
    COLON.lastIndex = quote + 1;
    if (isLastEscape && COLON.test(text)) return true;
  }
  return false;
}

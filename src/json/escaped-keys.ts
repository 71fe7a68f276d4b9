/**
 * Whether a key of the JSON text is spelled with an escape, such as `"a\n"` or `"\u0061"`. Invalid texts
 * may get either answer.
 *
 * A backslash can only be in a string. From the first one in a string, the string's end is searched,
 * and a colon behind it makes it a key. Both searches only go forward, at the speed of `indexOf`.
 */
export function hasEscapedKey(text: string): boolean {
  let quote = -1;
  for (let at = text.indexOf('\\'); at !== -1; at = text.indexOf('\\', at)) {
    // The escaped character may be a quote.
    at += 2;
    if (quote < at) quote = text.indexOf('"', at);
    if (quote === -1) return false;
    const next = text.indexOf('\\', at);
    // The same string has another escape.
    if (next !== -1 && next < quote) continue;
    if (isColonNext(text, quote + 1)) return true;
  }
  return false;
}

function isColonNext(text: string, start: number): boolean {
  let at = start;
  while (isSpace(text.charCodeAt(at))) at++;
  return text.charCodeAt(at) === 0x3a;
}

/** Whether JSON allows this character between tokens. */
export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

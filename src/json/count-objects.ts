const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Counts the objects and lists in a JSON text, without parsing it. Invalid texts may get any number. */
export function countObjects(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // `{` or `[`: they differ from each other in one bit, which no other character that JSON has between texts does.
    if (code === QUOTE) at = endOfText(text, at);
    else if ((code | 0x20) === 0x7b) count++;
  }
  return count;
}

/** Whether a JSON text may have more objects and lists; true for one that has. Reads it at the speed of `indexOf`. */
export function mayHaveMoreObjects(text: string, most: number): boolean {
  let count = 0;
  for (const opening of '{[') {
    for (let at = text.indexOf(opening); at !== -1; at = text.indexOf(opening, at + 1)) {
      if (++count > most) return true;
    }
  }
  return false;
}

/** Returns the position of the quote that ends the text that begins with one; Infinity if there is none. */
export function endOfText(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end === -1 ? Infinity : end;
}

/** Whether the number of backslashes before a quote is odd. */
function isEscaped(json: string, quote: number): boolean {
  let start = quote;
  while (json.charCodeAt(start - 1) === BACKSLASH) start--;
  return (quote - start) % 2 === 1;
}

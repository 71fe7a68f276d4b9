/** Bytes of memory for an object or a list, and for the place of a value in one. */
const BYTES_PER_VALUE = 48;

/** Estimates the memory that a JSON text takes once it is parsed: its bytes, and some for each `{`, `[`, `,` and `:`. */
export function bytesOfJson(text: Uint8Array): number {
  let values = 0;
  let isString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text[at];
    if (code === 0x22) isString = !isString;
    else if (code === 0x5c) at++;
    else if (!isString && (code === 0x7b || code === 0x5b || code === 0x2c || code === 0x3a)) values++;
  }
  return text.length + values * BYTES_PER_VALUE;
}

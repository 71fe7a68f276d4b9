/** Bytes of memory in Node 26, on 64 bits, as `test/engine/held-memory.long.test.ts` measures them. */
const SLOT = 8;
const OBJECT = 40;
const LIST = 40;
/** A string, besides its characters. Equal strings of up to so many characters are one. */
const STRING = 16;
const MAX_SHARED = 10;
/** A key that makes another shape of object, or that is an index. */
const SHAPE = 96;
/** A number that is no integer of 32 bits, and what an integer takes besides whose digits are all kept. */
const BOXED = 16;
const EXACT = 64;
/** Shapes and strings that are remembered: about as many as keys that V8 gives a shape. */
const REMEMBERED = 1024;

/** Instead of a shape, in a list. */
const IN_LIST = 0;

/**
 * Estimates the memory that a JSON text takes once it is parsed. Equal shapes of objects are found by hashes of their keys.
 *
 * @param most the rest of the text isn't read once this is exceeded
 * @param bytesPerItem of a list
 */
export function bytesOfJson(text: Uint8Array, most = Infinity, bytesPerItem = SLOT): number {
  const remembered = new Int32Array(REMEMBERED);
  const outer: number[] = [];
  let [bytes, shape] = [SLOT, 1];
  for (let at = 0; at < text.length && bytes <= most; at++) {
    const code = text[at] ?? 0;
    if (code === 0x22) {
      const start = at + 1;
      let bits = 0;
      for (at++; at < text.length && text[at] !== 0x22; at++) {
        bits |= text[at] ?? 0;
        if (text[at] === 0x5c) at++;
      }
      const length = at - start;
      const isKey = text[at + 1] === 0x3a;
      let isNew = length > 1 || isKey;
      if (isKey || length <= MAX_SHARED) {
        let hash = isKey ? shape : 0;
        for (let each = start; each <= at; each++) hash = Math.imul(hash ^ (text[each] ?? 0), 0x01000193);
        const isIndex = isKey && isDigit(text[start]) && isDigit(text[at - 1]);
        isNew &&= isIndex || remembered[hash & (REMEMBERED - 1)] !== hash;
        remembered[hash & (REMEMBERED - 1)] = hash;
        if (isKey) shape = hash;
      }
      // Strings with other characters than ASCII may take two bytes for each.
      if (isNew) bytes += isKey ? SHAPE : STRING + length * (bits < 0x80 ? 1 : 1.4);
    } else if (isDigit(code)) {
      const start = at;
      while (isDigit(text[at + 1])) at++;
      const isFraction = text[at + 1] === 0x2e || text[at + 1] === 0x65 || text[at + 1] === 0x45;
      if (isFraction || at - start > 8) bytes += BOXED;
      if (!isFraction && at - start > 14) bytes += EXACT;
      if (isFraction) while (text[at + 1] === 0x2e || isDigit(text[at + 1])) at++;
    } else if (code === 0x2d) bytes += SLOT;
    else if (code === 0x2c) bytes += shape === IN_LIST ? bytesPerItem : SLOT;
    else if (code === 0x5b || code === 0x7b) {
      bytes += code === 0x5b ? LIST + bytesPerItem : OBJECT;
      outer.push(shape);
      shape = code === 0x5b ? IN_LIST : 1;
    } else if (code === 0x5d || code === 0x7d) shape = outer.pop() ?? 1;
  }
  return bytes;
}

function isDigit(code = 0): boolean {
  return code >= 0x30 && code <= 0x39;
}

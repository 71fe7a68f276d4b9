import { isAscii } from 'node:buffer';

/** Bytes of memory in Node 26: of a value's place in what holds it, and of objects, lists and strings besides their content. */
const [SLOT, OBJECT, LIST, STRING] = [8, 40, 40, 16];
/** Of a key that makes another shape of object, or that is an index. */
const SHAPE = 96;
/** Of a number that is no integer of 32 bits, and of an integer whose digits are all kept. */
const [BOXED, EXACT] = [16, 80];
/** Equal strings of up to so many characters are one. */
const MAX_SHARED = 10;
/** Bytes of a string before a call of native code pays. */
const SEARCHED_BY_HAND = 24;
/** Shapes and strings that are remembered: about as many as V8 gives one object. */
const REMEMBERED = 1024;
/** Instead of a shape, in a list. */
const IN_LIST = 0;

/**
 * Estimates the memory that a JSON text takes once it is parsed, in whole bytes. Equal shapes of objects are found by hashes of their keys.
 *
 * @param most the rest of the text isn't read once this is exceeded
 * @param bytesPerItem of a list
 */
export function bytesOfJson(text: Uint8Array, most = Infinity, bytesPerItem = SLOT): number {
  const remembered = new Int32Array(REMEMBERED);
  const outer: number[] = [];
  // With other characters than ASCII, each may take two bytes.
  const perByte = isAscii(text) ? 1 : 1.4;
  let [bytes, shape] = [SLOT, 1];
  for (let at = 0; at < text.length && bytes <= most; at++) {
    const code = text[at] ?? 0;
    if (code === 0x22) {
      const start = at + 1;
      at = endOfString(text, start);
      const isKey = text[at + 1] === 0x3a;
      let size = isKey ? SHAPE : STRING + (at - start) * perByte;
      if (isKey || at - start <= MAX_SHARED) {
        let hash = isKey ? shape : 0;
        for (let each = start; each <= at; each++) hash = Math.imul(hash ^ (text[each] ?? 0), 0x01000193);
        const isIndex = isKey && isDigit(text[start]) && isDigit(text[at - 1]);
        if (remembered[hash & (REMEMBERED - 1)] === hash && !isIndex) size = 0;
        remembered[hash & (REMEMBERED - 1)] = hash;
        if (isKey) shape = hash;
      }
      bytes += size;
    } else if (isDigit(code)) {
      const start = at;
      while (isDigit(text[at + 1])) at++;
      if (at - start > 8) bytes += at - start > 14 ? EXACT : BOXED;
    } else if (code === 0x2e || ((code === 0x65 || code === 0x45) && isDigit(text[at - 1]))) {
      bytes += BOXED;
      while (isDigit(text[at + 1])) at++;
    } else if (code === 0x2d) bytes += SLOT;
    else if (code === 0x2c) bytes += shape === IN_LIST ? bytesPerItem : SLOT;
    else if (code === 0x5b || code === 0x7b) {
      bytes += code === 0x5b ? LIST + bytesPerItem : OBJECT;
      outer.push(shape);
      shape = code === 0x5b ? IN_LIST : 1;
    } else if (code === 0x5d || code === 0x7d) shape = outer.pop() ?? 1;
  }
  return Math.ceil(bytes);
}

/** Returns the index of the quotation mark that ends a string. A long one is searched by native code. */
function endOfString(text: Uint8Array, start: number): number {
  let byHand = start + SEARCHED_BY_HAND;
  for (let at = start; at < text.length; at++) {
    if (at >= byHand) {
      at = text.indexOf(0x22, at);
      if (at === -1) return text.length;
      let slashes = 0;
      while (text[at - 1 - slashes] === 0x5c) slashes++;
      if (slashes % 2 === 0) return at;
      byHand = at + SEARCHED_BY_HAND;
    } else if (text[at] === 0x22) return at;
    else if (text[at] === 0x5c) at++;
  }
  return text.length;
}

function isDigit(code = 0): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** The grammar of JSON (RFC 8259) without white space between tokens, as servers send it. */

export const QUOTE: u32 = 0x22;
export const COMMA: u32 = 0x2c;
export const COLON: u32 = 0x3a;
export const OPEN_LIST: u32 = 0x5b;
export const BACKSLASH: u32 = 0x5c;
export const CLOSE_LIST: u32 = 0x5d;
export const OPEN_OBJECT: u32 = 0x7b;
export const CLOSE_OBJECT: u32 = 0x7d;

/** `null`, `true` and `alse` as little-endian integers. */
export const NULL: u32 = 0x6c6c756e;
const TRUE: u32 = 0x65757274;
const ALSE: u32 = 0x65736c61;

/** Lists with values that are nested more deeply are decoded, so that the recursion needs little stack. */
const MAX_DEPTH: u32 = 64;

// Each `…End` function takes the address of a value, and returns the address after it, or 0 if there is no valid value.
// Zeros follow each text, and are never part of a value.

export function valueEnd(at: usize): usize {
  return nestedEnd(at, MAX_DEPTH);
}

function nestedEnd(at: usize, depth: u32): usize {
  const first: u32 = load<u8>(at);
  if (first == QUOTE) return stringEnd(at);
  if (first == OPEN_OBJECT) return depth == 0 ? 0 : membersEnd(at + 1, CLOSE_OBJECT, depth - 1);
  if (first == OPEN_LIST) return depth == 0 ? 0 : membersEnd(at + 1, CLOSE_LIST, depth - 1);
  if (load<u32>(at) == NULL) return at + 4;
  const boolean = booleanEnd(at);
  return boolean != 0 ? boolean : numberEnd(at);
}

/** @param close the bracket that ends the object or list */
function membersEnd(start: usize, close: u32, depth: u32): usize {
  let at = start;
  if (load<u8>(at) == close) return at + 1;
  while (true) {
    if (close == CLOSE_OBJECT) {
      at = stringEnd(at);
      if (at == 0 || load<u8>(at++) != COLON) return 0;
    }
    at = nestedEnd(at, depth);
    if (at == 0) return 0;
    const next: u32 = load<u8>(at++);
    if (next == close) return at;
    if (next != COMMA) return 0;
  }
}

export function booleanEnd(at: usize): usize {
  if (load<u32>(at) == TRUE) return at + 4;
  return load<u8>(at) == 0x66 && load<u32>(at + 1) == ALSE ? at + 5 : 0;
}

/** Scans sixteen bytes at a time for a quote, a backslash or a control character. */
export function stringEnd(start: usize): usize {
  let at = start;
  if (load<u8>(at++) != QUOTE) return 0;
  while (true) {
    const bytes = v128.load(at);
    const special = v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x5c))),
      i8x16.lt_u(bytes, i8x16.splat(0x20)),
    );
    const bits = i8x16.bitmask(special);
    if (bits == 0) {
      at += 16;
      continue;
    }
    at += ctz(bits);
    const byte: u32 = load<u8>(at++);
    if (byte == QUOTE) return at;
    if (byte != BACKSLASH) return 0;
    at = escapeEnd(at);
    if (at == 0) return 0;
  }
}

/** @param at the address after the backslash */
function escapeEnd(at: usize): usize {
  switch (load<u8>(at)) {
    case 0x22: // "
    case 0x2f: // /
    case 0x5c: // \
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return at + 1;
    case 0x75: // u
      return isHex(load<u8>(at + 1)) &&
        isHex(load<u8>(at + 2)) &&
        isHex(load<u8>(at + 3)) &&
        isHex(load<u8>(at + 4))
        ? at + 5
        : 0;
    default:
      return 0;
  }
}

function isHex(byte: u32): bool {
  return isDigit(byte) || (byte | 0x20) - 0x61 < 6;
}

function isDigit(byte: u32): bool {
  return byte - 0x30 < 10;
}

export function numberEnd(start: usize): usize {
  let at = start;
  if (load<u8>(at) == 0x2d) at++;
  if (load<u8>(at) == 0x30) at++;
  else at = digitsEnd(at);
  if (at != 0 && load<u8>(at) == 0x2e) at = digitsEnd(at + 1);
  if (at != 0 && (load<u8>(at) | 0x20) == 0x65) {
    const sign: u32 = load<u8>(++at);
    at = digitsEnd(sign == 0x2b || sign == 0x2d ? at + 1 : at);
  }
  return at;
}

/** Scans one or more digits. */
export function digitsEnd(start: usize): usize {
  let at = start;
  while (isDigit(load<u8>(at))) at++;
  return at == start ? 0 : at;
}

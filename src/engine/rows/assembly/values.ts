/** The values of fields in canonical form, the only form that the scanner accepts. */
import { BACKSLASH, isDigit, QUOTE } from './json';

/** Longer ids would not fit into the buffer for cursors. */
const MAX_ID: usize = 128;

/** Returns the address of the first byte that is not in ASCII from # to ~, or is a backslash. */
function visibleEnd(start: usize): usize {
  let at = start;
  while (true) {
    const bytes = v128.load(at);
    const special = v128.or(
      i8x16.eq(bytes, i8x16.splat(0x5c)),
      v128.or(i8x16.lt_u(bytes, i8x16.splat(0x23)), i8x16.gt_u(bytes, i8x16.splat(0x7e))),
    );
    const bits = i8x16.bitmask(special);
    if (bits != 0) return at + ctz(bits);
    at += 16;
  }
}

/** A string of such characters of any length, or empty. */
export function enumTextEnd(at: usize): usize {
  if (load<u8>(at) != QUOTE) return 0;
  const end = visibleEnd(at + 1);
  return load<u8>(end) == QUOTE ? end + 1 : 0;
}

/** The same, with 1 to MAX_ID characters. */
export function idEnd(at: usize): usize {
  const end = enumTextEnd(at);
  return end > at + 2 && end - at <= MAX_ID + 2 ? end : 0;
}

/** An unknown key. One with an escape is not accepted, because it might be a known one. */
export function unknownKeyEnd(start: usize): usize {
  let at = start;
  if (load<u8>(at++) != QUOTE) return 0;
  while (true) {
    const byte: u32 = load<u8>(at++);
    if (byte == QUOTE) return at;
    if (byte < 0x20 || byte == BACKSLASH) return 0;
  }
}

/** An integer with at most `maxDigits` digits, in the form that JavaScript writes. */
export function wholeNumberEnd(start: usize, maxDigits: usize): usize {
  let at = start;
  if (load<u8>(at) == 0x30) return at + 1;
  if (load<u8>(at) == 0x2d) at++;
  if (load<u8>(at) == 0x30) return 0;
  const first = at;
  while (isDigit(load<u8>(at))) at++;
  return at > first && at - first <= maxDigits ? at : 0;
}

/** Bit masks of the digits and the punctuation in `YYYY-MM-DDTHH:MM`. */
const DIGITS: i32 = 0xdb6f;
const PUNCTUATION: i32 = 0x2490;

/**
 * `"YYYY-MM-DDTHH:MM:SS.ffffffZ"`. With a zone, the fraction may be absent if the date and time are
 * certainly valid; without one, which `needsZone` forbids, it has up to six digits.
 */
export function instantEnd(at: usize, needsZone: bool): usize {
  if (load<u8>(at) != QUOTE) return 0;
  const minutes = v128.load(at + 1);
  const seconds = v128.load(at + 17);
  const layout = i8x16(0, 0, 0, 0, 0x2d, 0, 0, 0x2d, 0, 0, 0x54, 0, 0, 0x3a, 0, 0);
  if ((i8x16.bitmask(i8x16.eq(minutes, layout)) & PUNCTUATION) != PUNCTUATION) return 0;
  if ((digitBits(minutes) & DIGITS) != DIGITS) return 0;
  const bits = digitBits(seconds);
  if (load<u8>(at + 17) != 0x3a || (bits & 0b110) != 0b110) return 0;
  let end = at + 20;
  let fraction: i32 = 0;
  if (load<u8>(end) == 0x2e) {
    fraction = ctz(~(bits >> 4));
    if (fraction == 0 || fraction > 6) return 0;
    end += 1 + fraction;
  }
  if (load<u8>(end) == 0x5a) {
    end++;
    if (fraction != 6 && !(fraction == 0 && isOnEveryCalendar(at + 1))) return 0;
  } else if (needsZone) return 0;
  return load<u8>(end) == QUOTE ? end + 1 : 0;
}

/** Returns a bit mask of the bytes that are digits. */
function digitBits(bytes: v128): i32 {
  return i8x16.bitmask(i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(10)));
}

/** Whether `YYYY-MM-DDTHH:MM:SS` is a valid time on a day from 1 to 28, which every month has. */
function isOnEveryCalendar(at: usize): bool {
  return (
    twoDigits(at + 5) - 1 < 12 &&
    twoDigits(at + 8) - 1 < 28 &&
    twoDigits(at + 11) < 24 &&
    twoDigits(at + 14) < 60 &&
    twoDigits(at + 17) < 60
  );
}

function twoDigits(at: usize): u32 {
  return (<u32>load<u8>(at) - 0x30) * 10 + <u32>load<u8>(at + 1) - 0x30;
}

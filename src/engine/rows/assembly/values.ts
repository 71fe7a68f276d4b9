/** The values of fields in the forms that are copied as they are. */
import { digitsEnd, numberEnd, QUOTE } from './json';

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

/** Scans a string of ASCII from # to ~ without backslashes, perhaps empty, such as the value of an enum, or a key. */
export function plainTextEnd(at: usize): usize {
  if (load<u8>(at) != QUOTE) return 0;
  const end = visibleEnd(at + 1);
  return load<u8>(end) == QUOTE ? end + 1 : 0;
}

/** Scans such a string with 1 to MAX_ID characters. */
export function idEnd(at: usize): usize {
  const end = plainTextEnd(at);
  return end > at + 2 && end - at <= MAX_ID + 2 ? end : 0;
}

/** Scans a number with at most `maxDigits` digits, and neither fraction nor exponent. */
export function wholeNumberEnd(start: usize, maxDigits: usize): usize {
  const digits = load<u8>(start) == 0x2d ? start + 1 : start;
  const end = digitsEnd(digits);
  return end - digits <= maxDigits && end == numberEnd(start) ? end : 0;
}

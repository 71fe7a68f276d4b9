/** Instants as servers send them: `"YYYY-MM-DDTHH:MM:SS"`, with six digits of a fraction or none, and `Z` or no zone. */
import { QUOTE } from './json';

/** The length of `YYYY-MM-DDTHH:MM:SS`. */
const SECONDS: usize = 19;
/** The length of an instant in the format of `instantOf`. */
export const INSTANT: usize = 26;

/** Bit masks of the digits and the punctuation in `YYYY-MM-DDTHH:MM`. */
const DIGITS: i32 = 0xdb6f;
const PUNCTUATION: i32 = 0x2490;
/** `.000000` without its point, as little-endian integers. */
const ZEROS: u32 = 0x30303030;
const MORE_ZEROS: u32 = 0x3030;

/** Scans an instant that is on the calendar. One with a fraction of zeros, which a result leaves out, is declined. */
export function instantEnd(at: usize): usize {
  if (load<u8>(at) != QUOTE) return 0;
  const minutes = v128.load(at + 1);
  const layout = i8x16(0, 0, 0, 0, 0x2d, 0, 0, 0x2d, 0, 0, 0x54, 0, 0, 0x3a, 0, 0);
  if ((i8x16.bitmask(i8x16.eq(minutes, layout)) & PUNCTUATION) != PUNCTUATION) return 0;
  if ((digitBits(minutes) & DIGITS) != DIGITS) return 0;
  // `:SS`, and a point with six digits.
  const bits = digitBits(v128.load(at + 17));
  if (load<u8>(at + 17) != 0x3a || (bits & 0b110) != 0b110) return 0;
  let end = at + 1 + SECONDS;
  if (hasFraction(at + 1)) {
    if (((bits >> 4) & 0b111111) != 0b111111) return 0;
    if (load<u32>(end + 1) == ZEROS && load<u16>(end + 5) == MORE_ZEROS) return 0;
    end = at + 1 + INSTANT;
  }
  if (load<u8>(end) == 0x5a) end++;
  return load<u8>(end) == QUOTE && isOnCalendar(at + 1) ? end + 1 : 0;
}

/** @param at the address after the opening quote */
function hasFraction(at: usize): bool {
  return load<u8>(at + SECONDS) == 0x2e;
}

function digitBits(bytes: v128): i32 {
  return i8x16.bitmask(i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(10)));
}

/** Whether `YYYY-MM-DDTHH:MM:SS` is a time of a day that exists. */
function isOnCalendar(at: usize): bool {
  const month = twoDigits(at + 5);
  return (
    <u32>(month - 1) < 12 &&
    <u32>(twoDigits(at + 8) - 1) < <u32>daysIn(twoDigits(at) * 100 + twoDigits(at + 2), month) &&
    twoDigits(at + 11) < 24 &&
    twoDigits(at + 14) < 60 &&
    twoDigits(at + 17) < 60
  );
}

function daysIn(year: i32, month: i32): i32 {
  if (month != 2) return 30 + ((month + (month >> 3)) & 1);
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
}

function twoDigits(at: usize): i32 {
  return (<i32>load<u8>(at) - 0x30) * 10 + <i32>load<u8>(at + 1) - 0x30;
}

/**
 * Stores an instant that was scanned in the format of `instantOf`: with six digits, and no zone.
 *
 * @param at the address after its opening quote
 */
export function storeInstant(out: usize, at: usize): void {
  memory.copy(out, at, INSTANT);
  if (hasFraction(at)) return;
  store<u8>(out + SECONDS, 0x2e);
  store<u32>(out + SECONDS + 1, ZEROS);
  store<u16>(out + SECONDS + 5, MORE_ZEROS);
}

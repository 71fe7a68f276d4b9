/** Instants: `YYYY-MM-DDTHH:MM:SS`, up to nine digits of a fraction, and `Z`, `+00:00` or no zone, in quotes. */
import { QUOTE } from './json';

/** The length of `YYYY-MM-DDTHH:MM:SS`. */
const SECONDS: usize = 19;
/** The length of an instant in the format of `instantOf`. */
export const INSTANT: usize = 26;

/** Bit masks of the digits and the punctuation in `YYYY-MM-DDTHH:MM`. */
const DIGITS: i32 = 0xdb6f;
const PUNCTUATION: i32 = 0x2490;

/** The digits in the fraction of the instant that was scanned last. */
let fraction: i32 = 0;
/** `+00:` and `00` as little-endian integers. */
const PLUS_ZERO: u32 = 0x3a30302b;
const ZEROS: u32 = 0x3030;

/** Scans an instant that is on the calendar. */
export function instantEnd(at: usize): usize {
  if (load<u8>(at) != QUOTE) return 0;
  const minutes = v128.load(at + 1);
  const seconds = v128.load(at + 17);
  const layout = i8x16(0, 0, 0, 0, 0x2d, 0, 0, 0x2d, 0, 0, 0x54, 0, 0, 0x3a, 0, 0);
  if ((i8x16.bitmask(i8x16.eq(minutes, layout)) & PUNCTUATION) != PUNCTUATION) return 0;
  if ((digitBits(minutes) & DIGITS) != DIGITS) return 0;
  const bits = digitBits(seconds);
  if (load<u8>(at + 17) != 0x3a || (bits & 0b110) != 0b110) return 0;
  let end = at + 1 + SECONDS;
  fraction = 0;
  if (load<u8>(end) == 0x2e) {
    fraction = ctz(~(bits >> 4));
    if (fraction == 0 || fraction > 9) return 0;
    end += 1 + fraction;
  }
  if (load<u8>(end) == 0x5a) end++;
  else if (load<u32>(end) == PLUS_ZERO && load<u16>(end + 4) == ZEROS) end += 6;
  return load<u8>(end) == QUOTE && isOnCalendar(at + 1) ? end + 1 : 0;
}

/** Returns a bit mask of the bytes that are digits. */
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

/**
 * Stores the instant that was scanned last in the format of `instantOf`: in UTC, with six digits, and no zone.
 *
 * @param at the address after its opening quote
 */
export function storeInstant(out: usize, at: usize): void {
  v128.store(out, v128.load(at));
  if (fraction == 6) v128.store(out + 10, v128.load(at + 10));
  else {
    store<u32>(out, load<u32>(at + 15), 15);
    store<u8>(out, 0x2e, SECONDS);
    for (let i = 0; i < 6; i++) {
      store<u8>(out + SECONDS + 1 + i, i < fraction ? load<u8>(at + SECONDS + 1 + i) : 0x30);
    }
  }
}

function twoDigits(at: usize): i32 {
  return (<i32>load<u8>(at) - 0x30) * 10 + <i32>load<u8>(at + 1) - 0x30;
}

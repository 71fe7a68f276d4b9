/** What the fields of a run may hold here: its canonical form, and no other. */
import { BACKSLASH, isDigit, QUOTE } from './json';

/** Longer ids would not fit where cursors are made. */
const MAX_ID: usize = 128;

/** The first byte that is none of ASCII from # to ~, or a backslash. */
function visibleEnd(start: usize): usize {
  let at = start;
  while (true) {
    const bytes = v128.load(at);
    const special = v128.or(
      i8x16.eq(bytes, i8x16.splat(0x5c)),
      v128.or(i8x16.lt_u(bytes, i8x16.splat(0x23)), i8x16.gt_u(bytes, i8x16.splat(0x7e))),
    );
    const places = i8x16.bitmask(special);
    if (places != 0) return at + ctz(places);
    at += 16;
  }
}

/** A string of such characters; empty, or of any length. */
export function enumTextEnd(at: usize): usize {
  if (load<u8>(at) != QUOTE) return 0;
  const end = visibleEnd(at + 1);
  return load<u8>(end) == QUOTE ? end + 1 : 0;
}

/** The same, of one character or more. */
export function idEnd(at: usize): usize {
  const end = enumTextEnd(at);
  return end > at + 2 && end - at <= MAX_ID + 2 ? end : 0;
}

/** A key that none of ours is spelled like: with an escape it might be one. */
export function unknownKeyEnd(start: usize): usize {
  let at = start;
  if (load<u8>(at++) != QUOTE) return 0;
  while (true) {
    const byte: u32 = load<u8>(at++);
    if (byte == QUOTE) return at;
    if (byte < 0x20 || byte == BACKSLASH) return 0;
  }
}

/** A whole number of at most so many digits, as JavaScript writes it too. */
export function wholeNumberEnd(start: usize, maxDigits: usize): usize {
  let at = start;
  if (load<u8>(at) == 0x30) return at + 1;
  if (load<u8>(at) == 0x2d) at++;
  if (load<u8>(at) == 0x30) return 0;
  const first = at;
  while (isDigit(load<u8>(at))) at++;
  return at > first && at - first <= maxDigits ? at : 0;
}

/** Where `YYYY-MM-DDTHH:MM` has its digits, and where its punctuation. */
const DIGITS: i32 = 0xdb6f;
const PUNCTUATION: i32 = 0x2490;

/**
 * `"YYYY-MM-DDTHH:MM:SS.ffffffZ"`, with less of a fraction or without a zone where that leaves no
 * doubt that it is an instant.
 */
export function instantEnd(at: usize, needsZone: bool): usize {
  if (load<u8>(at) != QUOTE) return 0;
  const minutes = v128.load(at + 1);
  const seconds = v128.load(at + 17);
  const layout = i8x16(0, 0, 0, 0, 0x2d, 0, 0, 0x2d, 0, 0, 0x54, 0, 0, 0x3a, 0, 0);
  if ((i8x16.bitmask(i8x16.eq(minutes, layout)) & PUNCTUATION) != PUNCTUATION) return 0;
  if ((digitPlaces(minutes) & DIGITS) != DIGITS) return 0;
  const places = digitPlaces(seconds);
  if (load<u8>(at + 17) != 0x3a || (places & 0b110) != 0b110) return 0;
  let end = at + 20;
  let fraction: i32 = 0;
  if (load<u8>(end) == 0x2e) {
    fraction = ctz(~(places >> 4));
    if (fraction == 0 || fraction > 6) return 0;
    end += 1 + fraction;
  }
  if (load<u8>(end) == 0x5a) {
    end++;
    if (fraction != 6 && !(fraction == 0 && isOnEveryCalendar(at + 1))) return 0;
  } else if (needsZone) return 0;
  return load<u8>(end) == QUOTE ? end + 1 : 0;
}

/** A bit for each byte that is a digit. */
function digitPlaces(bytes: v128): i32 {
  return i8x16.bitmask(i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(10)));
}

/** Whether `YYYY-MM-DDTHH:MM:SS` is a time of day on a day that each month has. */
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

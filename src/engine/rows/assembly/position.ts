/** Positions of rows in a list: sorted by time of creation, ties by id. */
import { INSTANT } from './instants';
import { ID_SLOT, ROW_INSTANT } from './layout';

/** A buffer for the content of a cursor: 1, an instant, an id and a checksum, separated by spaces. */
const content = memory.data(256, 16);
const ALPHABET = memory.data<u8>([
  65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 97,
  98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119,
  120, 121, 122, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 45, 95,
]);

/** Negative if the first row comes first in ascending order, positive if last, 0 for the same position. */
export function comparePositions(text: usize, one: usize, other: usize): i32 {
  const a = one + ROW_INSTANT;
  const b = other + ROW_INSTANT;
  // The last eight of 26 bytes overlap with the third eight.
  for (let i: usize = 0; i < INSTANT; i = i == 16 ? 18 : i + 8) {
    const x = bswap(load<u64>(a + i));
    const y = bswap(load<u64>(b + i));
    if (x != y) return x < y ? -1 : 1;
  }
  // The quote after an id is less than any character in an id.
  const c = idOf(text, one);
  const d = idOf(text, other);
  let i: usize = 0;
  while (load<u8>(c + i) == load<u8>(d + i) && load<u8>(c + i) != 0x22) i++;
  return <i32>load<u8>(c + i) - <i32>load<u8>(d + i);
}

/** Returns the address of the id, after its opening quote. */
function idOf(text: usize, row: usize): usize {
  return text + load<u32>(row + ID_SLOT) + 1;
}

/** Writes the cursor of a row in quotes, in the format of `lists/pages/cursor.ts`. */
export function writeCursor(out: usize, text: usize, row: usize): usize {
  const id = idOf(text, row);
  const idLength = text + load<u32>(row + ID_SLOT, 4) - 1 - id;
  store<u16>(content, 0x2031);
  memory.copy(content + 2, row + ROW_INSTANT, INSTANT);
  store<u8>(content + 2 + INSTANT, 0x20);
  memory.copy(content + 3 + INSTANT, id, idLength);
  let end = content + 3 + INSTANT + idLength;
  const check = checksum(content, end);
  store<u8>(end++, 0x20);
  for (let shift: i32 = 28; shift >= 0; shift -= 4) {
    const digit: u32 = (check >> shift) & 15;
    store<u8>(end++, digit < 10 ? 0x30 + digit : 0x57 + digit);
  }
  store<u8>(out++, 0x22);
  out = writeBase64(out, content, end);
  store<u8>(out++, 0x22);
  return out;
}

/** FNV-1a, 32 bits. */
function checksum(from: usize, to: usize): u32 {
  let hash: u32 = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = (hash ^ load<u8>(at)) * 0x01000193;
  return hash;
}

/** Writes base64url without padding. */
function writeBase64(out: usize, from: usize, to: usize): usize {
  let at = from;
  for (; at + 3 <= to; at += 3, out += 4) {
    const bits = ((<u32>load<u8>(at)) << 16) | ((<u32>load<u8>(at + 1)) << 8) | load<u8>(at + 2);
    store<u8>(out, sextet(bits >> 18));
    store<u8>(out + 1, sextet(bits >> 12));
    store<u8>(out + 2, sextet(bits >> 6));
    store<u8>(out + 3, sextet(bits));
  }
  const rest = to - at;
  if (rest == 0) return out;
  const bits = ((<u32>load<u8>(at)) << 16) | (rest == 2 ? (<u32>load<u8>(at + 1)) << 8 : 0);
  store<u8>(out++, sextet(bits >> 18));
  store<u8>(out++, sextet(bits >> 12));
  if (rest == 2) store<u8>(out++, sextet(bits >> 6));
  return out;
}

function sextet(bits: u32): u8 {
  return load<u8>(ALPHABET + (bits & 63));
}

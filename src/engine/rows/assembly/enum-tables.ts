/** Tables of enum values, with the text that is written for each. */

// Table: number of values (u32), then an entry for null, one for unknown values, and one per value.
// Entry: address and length of the value, address and length of its text (4 × u32).
const ENTRY: usize = 16;

export function entryOfNull(table: usize): usize {
  return table + 4;
}

export function entryOfOthers(table: usize): usize {
  return table + 4 + ENTRY;
}

/** Returns the entry for a string. @param at the start of the string, including its quotes */
export function entryOf(table: usize, at: usize, end: usize): usize {
  const length = <u32>(end - at - 2);
  let entry = table + 4 + 2 * ENTRY;
  for (let remaining: u32 = load<u32>(table); remaining > 0; remaining--, entry += ENTRY) {
    if (load<u32>(entry, 4) == length && isSame(load<u32>(entry), at + 1, length)) return entry;
  }
  return entryOfOthers(table);
}

/** Whether two texts are the same. Compares sixteen bytes at a time, and so reads up to 15 too many. */
export function isSame(a: usize, b: usize, length: usize): bool {
  for (let i: usize = 0; i < length; i += 16) {
    const differences = i8x16.bitmask(i8x16.ne(v128.load(a + i), v128.load(b + i)));
    if (differences != 0 && i + ctz(differences) < length) return false;
  }
  return true;
}

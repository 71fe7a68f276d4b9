/** Tables of enum values, and what each is written as. */

// A table: how many values (u32), their entries behind one for null and one for any other value. An
// entry: address and length of the value, address and length of what is written for it (4 × u32).
const ENTRY: usize = 16;

/** The entry of null. */
export function entryOfNull(table: usize): usize {
  return table + 4;
}

/** The entry of all values that have none of their own. */
export function entryOfOthers(table: usize): usize {
  return table + 4 + ENTRY;
}

/** @param at of the string, its quotes included */
export function entryOf(table: usize, at: usize, end: usize): usize {
  const length = <u32>(end - at - 2);
  let entry = table + 4 + 2 * ENTRY;
  for (let left: u32 = load<u32>(table); left > 0; left--, entry += ENTRY) {
    if (load<u32>(entry, 4) == length && isSame(load<u32>(entry), at + 1, length)) return entry;
  }
  return entryOfOthers(table);
}

function isSame(a: usize, b: usize, length: usize): bool {
  for (let i: usize = 0; i < length; i++) {
    if (load<u8>(a + i) != load<u8>(b + i)) return false;
  }
  return true;
}

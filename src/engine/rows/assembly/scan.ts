/** Finds the fields of all rows in a list. */
import { CLOSE_LIST, COMMA, OPEN_LIST, OPEN_OBJECT } from './json';
import { ROW_BYTES } from './layout';
import { rowEnd, startText } from './members';
import { comparePositions } from './position';

/** Whether the rows are strictly ascending or strictly descending. */
let ascending: bool = true;
let descending: bool = true;
let rows: i32 = 0;

/**
 * Scans a list of rows, and fills the slots of each row.
 *
 * @returns four times the number of rows, plus 1 if they are strictly ascending, plus 2 if they are strictly descending;
 *   -1 unless the whole text is a list of at most `maxRows` rows of which all values were found
 */
export function scanRows(start: usize, end: usize, fieldTable: usize, slots: usize, maxRows: i32): i32 {
  startText(start, fieldTable);
  ascending = descending = true;
  rows = 0;
  if (rowsEnd(start, slots, maxRows) != end) return -1;
  return rows * 4 + (ascending ? 1 : 0) + (descending ? 2 : 0);
}

function rowsEnd(text: usize, slots: usize, maxRows: i32): usize {
  let at = text;
  if (load<u8>(at++) != OPEN_LIST) return 0;
  if (load<u8>(at) == CLOSE_LIST) return at + 1;
  let row = slots;
  while (rows < maxRows) {
    if (load<u8>(at) != OPEN_OBJECT) return 0;
    at = rowEnd(at + 1, row);
    if (at == 0) return 0;
    if (rows > 0) recordOrder(comparePositions(text, row - ROW_BYTES, row));
    rows++;
    row += ROW_BYTES;
    const next: u32 = load<u8>(at++);
    if (next == CLOSE_LIST) return at;
    if (next != COMMA) return 0;
  }
  return 0;
}

/** @param order the comparison of a row with the next one */
function recordOrder(order: i32): void {
  if (order >= 0) ascending = false;
  if (order <= 0) descending = false;
}

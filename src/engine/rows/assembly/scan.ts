/** Finds the fields of all rows in a list. */
import { CLOSE_LIST, COMMA, hasSpaces, OPEN_LIST, OPEN_OBJECT, resetSpaces, tokenAt } from './json';
import { ROW_BYTES } from './layout';
import { hasNewFields, hasNewValues, rowEnd, startText } from './members';
import { comparePositions } from './position';

/** Whether the rows are strictly ascending or strictly descending. */
let ascending: bool = true;
let descending: bool = true;
let firstRowStart: usize = 0;
let firstRowEnd: usize = 0;
let rows: i32 = 0;

/**
 * Scans a list of rows, and fills the slots of each row. Returns the number of rows, or -1 unless the
 * whole text is a list of at most `maxRows` rows of which all values were found.
 *
 * @param summary where to write whether the rows are ascending, and descending; whether an enum has
 *   an unknown value; whether the first row has new or missing fields; whether there is white space between
 *   tokens; the offsets of the start and the end of the first row (7 × u32)
 */
export function scanRows(
  start: usize,
  end: usize,
  fieldTable: usize,
  slots: usize,
  maxRows: i32,
  summary: usize,
): i32 {
  startText(start, fieldTable);
  ascending = descending = true;
  firstRowStart = firstRowEnd = start;
  rows = 0;
  const listStart = tokenAt(start);
  resetSpaces();
  const listEnd = rowsEnd(listStart, start, slots, maxRows);
  store<u32>(summary, ascending ? 1 : 0);
  store<u32>(summary, descending ? 1 : 0, 4);
  store<u32>(summary, hasNewValues ? 1 : 0, 8);
  store<u32>(summary, hasNewFields ? 1 : 0, 12);
  store<u32>(summary, hasSpaces ? 1 : 0, 16);
  store<u32>(summary, <u32>(firstRowStart - start), 20);
  store<u32>(summary, <u32>(firstRowEnd - start), 24);
  return listEnd != 0 && tokenAt(listEnd) == end ? rows : -1;
}

function rowsEnd(start: usize, text: usize, slots: usize, maxRows: i32): usize {
  let at = start;
  if (load<u8>(at++) != OPEN_LIST) return 0;
  at = tokenAt(at);
  if (load<u8>(at) == CLOSE_LIST) return at + 1;
  let row = slots;
  while (rows < maxRows) {
    if (load<u8>(at) != OPEN_OBJECT) return 0;
    if (rows == 0) firstRowStart = at;
    at = rowEnd(at + 1, row, rows == 0);
    if (at == 0) return 0;
    if (rows == 0) firstRowEnd = at;
    else recordOrder(comparePositions(text, row - ROW_BYTES, row));
    rows++;
    row += ROW_BYTES;
    at = tokenAt(at);
    const next: u32 = load<u8>(at++);
    if (next == CLOSE_LIST) return at;
    if (next != COMMA) return 0;
    at = tokenAt(at);
  }
  return 0;
}

/** @param order the comparison of a row with the next one */
function recordOrder(order: i32): void {
  if (order >= 0) ascending = false;
  if (order <= 0) descending = false;
}

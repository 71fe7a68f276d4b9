/** Finds the fields of all runs in a list. */
import { CLOSE_LIST, COMMA, OPEN_LIST, OPEN_OBJECT } from './json';
import { differs, ROW, runEnd, startText } from './members';
import { comparePositions } from './position';

/** Whether the rows are strictly ascending or strictly descending. */
let ascending: bool = true;
let descending: bool = true;
let firstRowEnd: u32 = 0;
let rows: i32 = 0;

/**
 * Scans `[{…},…]`, and fills the slots of each row. Returns the number of rows, or -1 unless the whole
 * text is a list of at most `maxRows` runs in canonical form.
 *
 * @param summary where to write whether the rows are ascending, descending, and differ from the known
 *   fields and enum values, and the offset of the end of the first row (4 × u32)
 */
export function scanRuns(
  start: usize,
  end: usize,
  fieldTable: usize,
  slots: usize,
  maxRows: i32,
  summary: usize,
): i32 {
  startText(start, fieldTable);
  ascending = descending = true;
  firstRowEnd = rows = 0;
  if (rowsEnd(start, slots, maxRows) != end) return -1;
  store<u32>(summary, ascending ? 1 : 0);
  store<u32>(summary, descending ? 1 : 0, 4);
  store<u32>(summary, differs ? 1 : 0, 8);
  store<u32>(summary, firstRowEnd, 12);
  return rows;
}

function rowsEnd(start: usize, slots: usize, maxRows: i32): usize {
  let at = start;
  if (load<u8>(at++) != OPEN_LIST) return 0;
  if (load<u8>(at) == CLOSE_LIST) return at + 1;
  let row = slots;
  while (rows < maxRows) {
    if (load<u8>(at++) != OPEN_OBJECT) return 0;
    at = runEnd(at, row, rows == 0);
    if (at == 0) return 0;
    if (rows == 0) firstRowEnd = <u32>(at - start);
    else recordOrder(comparePositions(start, row - ROW, row));
    rows++;
    row += ROW;
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

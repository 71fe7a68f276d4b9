/** Writes the rows of a result from the texts of rows. */

import { entryOf, entryOfNull } from './enum-tables';
import { CLOSE_LIST, COMMA, NULL, OPEN_LIST, QUOTE, stringEnd } from './json';
import {
  STEP_CURSOR,
  STEP_ENUM_LIST,
  STEP_ENUM_OR_NEXT,
  STEP_ENUM_VALUE,
  STEP_INSTANT,
  STEP_OBJECT,
  STEP_SLICE,
} from './layout';
import { writeCursor } from './position';

// Step of a program from `row-program.ts`: address and length of a text that is written unchanged; the
// kind of value that follows; the offset of its slot; the enum table or the steps to skip (5 × u32).
const STEP: u32 = 20;

/**
 * Runs a program for each row, and separates the results with commas.
 *
 * @param rows a list of the addresses of the rows' slots
 * @returns the end of the output; up to 15 bytes after it are overwritten
 */
export function writeRows(
  text: usize,
  rows: usize,
  count: u32,
  program: usize,
  steps: u32,
  out: usize,
): usize {
  for (let i: u32 = 0; i < count; i++) {
    if (i > 0) store<u8>(out++, COMMA);
    out = writeRow(text, load<u32>(rows + 4 * i), program, program + steps * STEP, out);
  }
  return out;
}

function writeRow(text: usize, row: usize, program: usize, end: usize, out: usize): usize {
  for (let step = program; step < end; step += STEP) {
    out = copy(out, load<u32>(step), load<u32>(step, 4));
    const slot = row + load<u32>(step, 12);
    const from = text + load<u32>(slot);
    const to = text + load<u32>(slot, 4);
    const isNull = from == text;
    switch (load<u32>(step, 8)) {
      case STEP_SLICE:
        out = isNull ? writeNull(out) : copy(out, from, to - from);
        break;
      case STEP_INSTANT:
        out = isNull ? writeNull(out) : writeInstant(out, from, to);
        break;
      case STEP_ENUM_VALUE:
      case STEP_ENUM_OR_NEXT: {
        const table: usize = load<u32>(step, 16);
        const end = writeEntry(out, isNull ? entryOfNull(table) : entryOf(table, from, to));
        if (load<u32>(step, 8) == STEP_ENUM_OR_NEXT && end != out) step += STEP;
        out = end;
        break;
      }
      case STEP_ENUM_LIST:
        out = isNull ? writeNull(out) : writeEnumList(out, from, load<u32>(step, 16));
        break;
      case STEP_CURSOR:
        out = writeCursor(out, text, row);
        break;
      case STEP_OBJECT:
        // If null, skips the steps of the object.
        if (isNull) {
          out = writeNull(out);
          step += load<u32>(step, 16) * STEP;
        }
        break;
      default:
        break;
    }
  }
  return out;
}

/** Copies sixteen bytes at a time, and so up to 15 bytes too many. */
function copy(out: usize, from: usize, length: usize): usize {
  for (let i: usize = 0; i < length; i += 16) v128.store(out + i, v128.load(from + i));
  return out + length;
}

function writeNull(out: usize): usize {
  store<u32>(out, NULL);
  return out + 4;
}

/** Writes an instant in UTC: one without a zone gets `Z`. */
function writeInstant(out: usize, from: usize, to: usize): usize {
  const end = copy(out, from, to - from);
  if (load<u8>(to - 2) == 0x5a) return end;
  store<u8>(end - 1, 0x5a);
  store<u8>(end, QUOTE);
  return end + 1;
}

function writeEntry(out: usize, entry: usize): usize {
  return copy(out, load<u32>(entry, 8), load<u32>(entry, 12));
}

/** @param from the start of a scanned list of strings */
function writeEnumList(out: usize, from: usize, table: usize): usize {
  let at = from + 1;
  store<u8>(out++, OPEN_LIST);
  while (load<u8>(at) != CLOSE_LIST) {
    if (load<u8>(at) == COMMA) store<u8>(out++, load<u8>(at++));
    const end = stringEnd(at);
    out = writeEntry(out, entryOf(table, at, end));
    at = end;
  }
  store<u8>(out++, CLOSE_LIST);
  return out;
}

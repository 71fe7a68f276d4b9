/** The members of an object of which the fields are known: of a run, or of its `request_config`. */

import { entryOf, entryOfOthers } from './enum-tables';
import {
  booleanEnd,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  NULL,
  OPEN_LIST,
  OPEN_OBJECT,
  stringEnd,
  valueEnd,
} from './json';
import {
  AGENT_SLOT,
  CONFIG_FIELDS,
  CREATED_SLOT,
  ID_SLOT,
  KIND_BOOLEAN,
  KIND_CONFIG,
  KIND_CREATED,
  KIND_ENUM_LIST,
  KIND_ENUM_VALUE,
  KIND_ID,
  KIND_INSTANT,
  KIND_INT,
  KIND_OBJECT,
  KIND_TEXT,
  KIND_WHOLE_NUMBER,
  RUN_FIELDS,
} from './layout';
import { enumTextEnd, idEnd, instantEnd, unknownKeyEnd, wholeNumberEnd } from './values';

// A field of the table: its key with quotes and colon, padded to 32 bytes; a mask of as many ones
// (32 bytes); the key's length; its kind; the table of its enum values (3 × u32).
const FIELD: u32 = 80;

/** Of each field where it starts and ends, as offsets into the text (2 × u32); 0 for null. */
const SLOT: u32 = 8;
export const ROW: u32 = SLOT * (RUN_FIELDS + CONFIG_FIELDS);

let text: usize = 0;
let fields: usize = 0;
/** Whether an enum value is not in its table, or the run that was looked at has other fields than known. */
export let differs: bool = false;

export function startText(start: usize, fieldTable: usize): void {
  text = start;
  fields = fieldTable;
  differs = false;
}

/**
 * A run, up to behind its closing brace. Fills the slots of its row.
 *
 * @param at behind the opening brace
 * @param checksFields whether to tell if it has other fields than are known
 */
export function runEnd(at: usize, row: usize, checksFields: bool): usize {
  memory.fill(row, 0, ROW);
  const end = membersEnd(at, 0, RUN_FIELDS, row, checksFields);
  return end != 0 && hasRequired(row) ? end : 0;
}

function membersEnd(start: usize, first: u32, count: u32, row: usize, checksFields: bool): usize {
  let at = start;
  let found: u32 = 0;
  // Servers write all rows alike: the next field is most likely the one that follows in the list.
  let next = first;
  if (load<u8>(at) == CLOSE_OBJECT) return at + 1;
  while (true) {
    const index = fieldAt(at, next, first, count);
    if (index < 0) {
      if (checksFields) differs = true;
      at = unknownKeyEnd(at);
      if (at == 0 || load<u8>(at) != COLON) return 0;
      at = valueEnd(at + 1);
    } else {
      const bit: u32 = 1 << (<u32>index - first);
      if ((found & bit) != 0) return 0;
      found |= bit;
      at = fieldEnd(at, index, row);
      next = index + 1;
    }
    if (at == 0) return 0;
    const byte: u32 = load<u8>(at++);
    if (byte == CLOSE_OBJECT) break;
    if (byte != COMMA) return 0;
  }
  if (checksFields && found != (1 << count) - 1) differs = true;
  return at;
}

/** The field whose key stands here; -1 for none of them. */
function fieldAt(at: usize, guess: u32, first: u32, count: u32): i32 {
  if (guess < first + count && isKey(at, fields + guess * FIELD)) return guess;
  for (let index = first; index < first + count; index++) {
    if (isKey(at, fields + index * FIELD)) return index;
  }
  return -1;
}

function isKey(at: usize, field: usize): bool {
  const low = v128.and(v128.xor(v128.load(at), v128.load(field)), v128.load(field, 32));
  const high = v128.and(v128.xor(v128.load(at, 16), v128.load(field, 16)), v128.load(field, 48));
  return !v128.any_true(v128.or(low, high));
}

/** What identifies and places a run, it can't be without. */
function hasRequired(row: usize): bool {
  return (
    load<u32>(row + ID_SLOT) != 0 && load<u32>(row + CREATED_SLOT) != 0 && load<u32>(row + AGENT_SLOT) != 0
  );
}

/** A key and its value. */
function fieldEnd(start: usize, index: u32, row: usize): usize {
  const field = fields + index * FIELD;
  const at = start + load<u32>(field, 64);
  if (load<u32>(at) == NULL) return at + 4;
  const end = ofKind(load<u32>(field, 68), at, field, row);
  const slot = row + index * SLOT;
  store<u32>(slot, <u32>(at - text));
  store<u32>(slot, <u32>(end - text), 4);
  return end;
}

function ofKind(kind: u32, at: usize, field: usize, row: usize): usize {
  switch (kind) {
    case KIND_ID:
      return idEnd(at);
    case KIND_CREATED:
      return instantEnd(at, true);
    case KIND_INSTANT:
      return instantEnd(at, false);
    case KIND_TEXT:
      return stringEnd(at);
    case KIND_ENUM_VALUE:
      return enumValueEnd(at, field);
    case KIND_ENUM_LIST:
      return enumListEnd(at, field);
    case KIND_BOOLEAN:
      return booleanEnd(at);
    case KIND_INT:
      return wholeNumberEnd(at, 9);
    case KIND_WHOLE_NUMBER:
      return wholeNumberEnd(at, 15);
    case KIND_OBJECT:
      return load<u8>(at) == OPEN_OBJECT ? valueEnd(at) : 0;
    case KIND_CONFIG:
      return load<u8>(at) == OPEN_OBJECT ? membersEnd(at + 1, RUN_FIELDS, CONFIG_FIELDS, row, false) : 0;
    default:
      return 0;
  }
}

function enumValueEnd(at: usize, field: usize): usize {
  const table: usize = load<u32>(field, 72);
  const end = enumTextEnd(at);
  if (end != 0 && entryOf(table, at, end) == entryOfOthers(table)) differs = true;
  return end;
}

function enumListEnd(start: usize, field: usize): usize {
  let at = start;
  if (load<u8>(at++) != OPEN_LIST) return 0;
  if (load<u8>(at) == CLOSE_LIST) return at + 1;
  while (true) {
    at = enumValueEnd(at, field);
    if (at == 0) return 0;
    const next: u32 = load<u8>(at++);
    if (next == CLOSE_LIST) return at;
    if (next != COMMA) return 0;
  }
}

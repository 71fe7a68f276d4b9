/** The members of an object with known fields: a run, or its `request_config`. */

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

// Field in the table: its key with quotes and colon, padded to 32 bytes; a mask of ones of the same
// length (32 bytes); the length of the key; the kind; the address of the enum table (3 × u32).
const FIELD: u32 = 80;

/** Start and end of a field, as offsets into the text (2 × u32); 0 for null. */
const SLOT: u32 = 8;
export const ROW: u32 = SLOT * (RUN_FIELDS + CONFIG_FIELDS);

let text: usize = 0;
let fields: usize = 0;
/** Whether an enum value is unknown, or a run that was checked has new or missing fields. */
export let differs: bool = false;

export function startText(start: usize, fieldTable: usize): void {
  text = start;
  fields = fieldTable;
  differs = false;
}

/**
 * Scans a run, and fills the slots of its row. Returns the address after its closing brace.
 *
 * @param at the address after the opening brace
 * @param checksFields whether to detect new and missing fields
 */
export function runEnd(at: usize, row: usize, checksFields: bool): usize {
  memory.fill(row, 0, ROW);
  const end = membersEnd(at, 0, RUN_FIELDS, row, checksFields);
  return end != 0 && hasRequired(row) ? end : 0;
}

function membersEnd(start: usize, first: u32, count: u32, row: usize, checksFields: bool): usize {
  let at = start;
  let found: u32 = 0;
  // Servers send the fields of all rows in the same order, so the next one in the table is likely.
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

/** Returns the index of the field with the key at an address; -1 if there is none. */
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

/** Whether the fields that identify and order a run are present. */
function hasRequired(row: usize): bool {
  return (
    load<u32>(row + ID_SLOT) != 0 && load<u32>(row + CREATED_SLOT) != 0 && load<u32>(row + AGENT_SLOT) != 0
  );
}

/** Scans a key and its value, and fills its slot. */
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

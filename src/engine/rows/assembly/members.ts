/** The members of an object with known fields: a row, or the object in it. */

import { entryOf, entryOfOthers, isSame } from './enum-tables';
import { instantEnd, storeInstant } from './instants';
import {
  afterColon,
  booleanEnd,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COMMA,
  NULL,
  OPEN_LIST,
  OPEN_OBJECT,
  stringEnd,
  tokenAt,
  valueEnd,
} from './json';
import {
  OWNER_SLOT,
  NESTED_FIELDS,
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
  ROW_BYTES,
  ROW_INSTANT,
  ROW_FIELDS,
} from './layout';
import { idEnd, plainTextEnd, wholeNumberEnd } from './values';

// Field in the table: its key with quotes and colon, padded to 32 bytes; a mask of ones of the same length
// (32 bytes); this length; the kind; the address of the enum table; a space (4 × u32).
const FIELD: u32 = 80;

/** Start and end of a field, as offsets into the text (2 × u32); 0 for null. */
const SLOT: u32 = 8;

/**
 * For each field, the one that came after it last, and behind those of all fields, which one came first in
 * a row and in its object. Servers send the fields of all rows in the same order, so it is likely
 * that it comes there again; at first the order is that of the table.
 */
const successors = memory.data(32);
const FIRST: u32 = ROW_FIELDS + NESTED_FIELDS;

let text: usize = 0;
let fields: usize = 0;
/** Whether a row that was checked has new or missing fields. */
export let hasNewFields: bool = false;
/** Whether an enum had a value that isn't in its table. */
export let hasNewValues: bool = false;

export function startText(start: usize, fieldTable: usize): void {
  text = start;
  fields = fieldTable;
  hasNewFields = hasNewValues = false;
  for (let index: u32 = 0; index < FIRST; index++) store<u8>(successors + index, index + 1);
  store<u8>(successors + FIRST, 0);
  store<u8>(successors + FIRST + 1, ROW_FIELDS);
}

/**
 * Scans a row, and fills the slots of its fields, and when it was created. Returns the address after its
 * closing brace.
 *
 * @param at the address after the opening brace
 * @param checksFields whether to detect new and missing fields
 */
export function rowEnd(at: usize, row: usize, checksFields: bool): usize {
  memory.fill(row, 0, ROW_BYTES);
  const end = membersEnd(at, 0, ROW_FIELDS, row, checksFields);
  return end != 0 && hasRequired(row) ? end : 0;
}

function membersEnd(start: usize, first: u32, count: u32, row: usize, checksFields: bool): usize {
  let at = tokenAt(start);
  let found: u32 = 0;
  let previous = first == 0 ? FIRST : FIRST + 1;
  if (load<u8>(at) == CLOSE_OBJECT) at++;
  else {
    while (true) {
      let index: i32 = load<u8>(successors + previous);
      if (<u32>index - first < count && isKeyWithColon(at, index)) {
        at = tokenAt(at + load<u32>(fields + index * FIELD, 64));
      } else {
        const end = plainTextEnd(at);
        if (end == 0) return 0;
        index = fieldOf(at, end, first, count);
        if (index >= 0) store<u8>(successors + previous, index);
        at = afterColon(end);
        if (at == 0) return 0;
      }
      if (index < 0) {
        if (checksFields) hasNewFields = true;
        at = valueEnd(at);
      } else {
        const bit: u32 = 1 << (<u32>index - first);
        if ((found & bit) != 0) return 0;
        found |= bit;
        previous = index;
        at = fieldEnd(at, index, row);
      }
      if (at == 0) return 0;
      at = tokenAt(at);
      const byte: u32 = load<u8>(at++);
      if (byte == CLOSE_OBJECT) break;
      if (byte != COMMA) return 0;
      at = tokenAt(at);
    }
  }
  if (checksFields && found != (1 << count) - 1) hasNewFields = true;
  return at;
}

/** Returns the index of the field with a key; -1 if there is none. */
function fieldOf(key: usize, end: usize, first: u32, count: u32): i32 {
  const length = <u32>(end - key);
  for (let index = first; index < first + count; index++) {
    const field = fields + index * FIELD;
    if (load<u32>(field, 64) == length + 1 && isSame(key, field, length)) return index;
  }
  return -1;
}

/** The colon is usually there, right behind the key. */
function isKeyWithColon(at: usize, index: u32): bool {
  const field = fields + index * FIELD;
  const low = v128.and(v128.xor(v128.load(at), v128.load(field)), v128.load(field, 32));
  const high = v128.and(v128.xor(v128.load(at, 16), v128.load(field, 16)), v128.load(field, 48));
  return !v128.any_true(v128.or(low, high));
}

/** Whether the fields that identify and order a row are present. */
function hasRequired(row: usize): bool {
  return (
    load<u32>(row + ID_SLOT) != 0 && load<u32>(row + CREATED_SLOT) != 0 && load<u32>(row + OWNER_SLOT) != 0
  );
}

/** Scans the value of a field, and fills its slot. */
function fieldEnd(at: usize, index: u32, row: usize): usize {
  if (load<u32>(at) == NULL) return at + 4;
  const field = fields + index * FIELD;
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
    case KIND_CREATED: {
      const end = instantEnd(at);
      if (end != 0) storeInstant(row + ROW_INSTANT, at + 1);
      return end;
    }
    case KIND_INSTANT:
      return instantEnd(at);
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
      return load<u8>(at) == OPEN_OBJECT ? membersEnd(at + 1, ROW_FIELDS, NESTED_FIELDS, row, false) : 0;
    default:
      return 0;
  }
}

function enumValueEnd(at: usize, field: usize): usize {
  const table: usize = load<u32>(field, 72);
  const end = plainTextEnd(at);
  if (end != 0 && entryOf(table, at, end) == entryOfOthers(table)) hasNewValues = true;
  return end;
}

function enumListEnd(start: usize, field: usize): usize {
  let at = start;
  if (load<u8>(at++) != OPEN_LIST) return 0;
  at = tokenAt(at);
  if (load<u8>(at) == CLOSE_LIST) return at + 1;
  while (true) {
    at = enumValueEnd(at, field);
    if (at == 0) return 0;
    at = tokenAt(at);
    const next: u32 = load<u8>(at++);
    if (next == CLOSE_LIST) return at;
    if (next != COMMA) return 0;
    at = tokenAt(at);
  }
}

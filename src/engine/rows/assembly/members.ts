/** The members of an object with known fields: a row, or the object in it. */

import { instantEnd, storeInstant } from './instants';
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
// (32 bytes); this length; the kind; a space (4 × u32).
const FIELD: u32 = 80;

/** Start and end of a field, as offsets into the text (2 × u32); 0 for null. */
const SLOT: u32 = 8;

/**
 * For each field, the field that followed it in the last row; then the first field of a row, and of its object. Servers
 * send all rows in one order, so that the key which is compared first is nearly always right.
 */
const successors = memory.data(32);
const FIRST: u32 = ROW_FIELDS + NESTED_FIELDS;

let text: usize = 0;
let fields: usize = 0;

/** Begins a list, with the order of the fields in their table as the guess for its first row. */
export function startText(start: usize, fieldTable: usize): void {
  text = start;
  fields = fieldTable;
  for (let index: u32 = 0; index < FIRST; index++) store<u8>(successors + index, index + 1);
  store<u8>(successors + FIRST, 0);
  store<u8>(successors + FIRST + 1, ROW_FIELDS);
}

/**
 * Scans a row, and fills the slots of its fields, and when it was created. Returns the address after its
 * closing brace.
 *
 * @param at the address after the opening brace
 */
export function rowEnd(at: usize, row: usize): usize {
  memory.fill(row, 0, ROW_BYTES);
  const end = membersEnd(at, 0, ROW_FIELDS, row);
  return end != 0 && hasRequired(row) ? end : 0;
}

function membersEnd(start: usize, first: u32, count: u32, row: usize): usize {
  let at = start;
  let found: u32 = 0;
  let previous = first == 0 ? FIRST : FIRST + 1;
  if (load<u8>(at) == CLOSE_OBJECT) return at + 1;
  while (true) {
    let index: i32 = load<u8>(successors + previous);
    if (<u32>index - first >= count || !isKey(at, index)) {
      index = fieldAt(at, first, count);
      if (index >= 0) store<u8>(successors + previous, index);
    }
    if (index >= 0) {
      const bit: u32 = 1 << (<u32>index - first);
      if ((found & bit) != 0) return 0;
      found |= bit;
      previous = index;
      at = fieldEnd(at + load<u32>(fields + index * FIELD, 64), index, row);
    } else {
      // The key may be the key of a field with an escape: the scan fails, and the decoder has to read the list.
      at = plainTextEnd(at);
      if (at == 0 || load<u8>(at++) != COLON) return 0;
      at = valueEnd(at);
    }
    if (at == 0) return 0;
    const byte: u32 = load<u8>(at++);
    if (byte == CLOSE_OBJECT) return at;
    if (byte != COMMA) return 0;
  }
}

/** Returns the index of the field with a key; -1 if there is none. */
function fieldAt(key: usize, first: u32, count: u32): i32 {
  for (let index = first; index < first + count; index++) if (isKey(key, index)) return index;
  return -1;
}

/** Whether a field's key with its colon is at an address. */
function isKey(at: usize, index: u32): bool {
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
  const end = ofKind(load<u32>(fields + index * FIELD, 68), at, row);
  const slot = row + index * SLOT;
  store<u32>(slot, <u32>(at - text));
  store<u32>(slot, <u32>(end - text), 4);
  return end;
}

function ofKind(kind: u32, at: usize, row: usize): usize {
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
      return plainTextEnd(at);
    case KIND_ENUM_LIST:
      return enumListEnd(at);
    case KIND_BOOLEAN:
      return booleanEnd(at);
    case KIND_INT:
      return wholeNumberEnd(at, 9);
    case KIND_WHOLE_NUMBER:
      return wholeNumberEnd(at, 15);
    case KIND_OBJECT:
      return load<u8>(at) == OPEN_OBJECT ? valueEnd(at) : 0;
    case KIND_CONFIG:
      return load<u8>(at) == OPEN_OBJECT ? membersEnd(at + 1, ROW_FIELDS, NESTED_FIELDS, row) : 0;
    default:
      return 0;
  }
}

function enumListEnd(start: usize): usize {
  let at = start;
  if (load<u8>(at++) != OPEN_LIST) return 0;
  if (load<u8>(at) == CLOSE_LIST) return at + 1;
  while (true) {
    at = plainTextEnd(at);
    if (at == 0) return 0;
    const next: u32 = load<u8>(at++);
    if (next == CLOSE_LIST) return at;
    if (next != COMMA) return 0;
  }
}

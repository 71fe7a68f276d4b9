import { parseJson } from '../../json/parse-json.ts';
import { stringifyJson } from '../../json/stringify-json.ts';
import { instantOf } from '../../runs/position.ts';
import type { NamedField } from '../../runs/run-fields.ts';
import { Body } from '../../wire/body.ts';
import { DecodeError } from '../../wire/decode-error.ts';
import { FIELD_READERS } from '../../wire/field-readers.ts';
import { nextId, NUMBERS_PER_ROW, type Scan } from './scanner.ts';
import { flagOf, ROW_FLAGS, ROW_INSTANT, SLOTTED_FIELDS, slotOf } from './slots.ts';

/** The ids that the scanner takes. */
const PLAIN_ID = /^[#-[\]-~]{1,128}$/;

/**
 * Decodes the values of a scan that can't be copied as they are spelled, and appends to its text what is
 * written for them. Returns null if the decoder has to read the whole list, or refuse it.
 */
export function respelled(scan: Scan): Scan | null {
  const { body, rowCount, slots, flags } = scan;
  if (flags === 0) return scan;
  const odd = SLOTTED_FIELDS.filter(({ name }) => (flags & flagOf(name)) !== 0);
  if (odd.length === 0) return scan;
  const added: Buffer[] = [];
  let end = body.length;
  for (let row = 0; row < rowCount; row++) {
    for (const field of odd) {
      const start = row * NUMBERS_PER_ROW;
      if ((flagsOf(scan, row) & flagOf(field.name)) === 0) continue;
      const at = start + 2 * slotOf(field.name);
      const value = decode(field, body.slice(slots[at] ?? 0, slots[at + 1] ?? 0), row);
      if (value === undefined) return null;
      if (field.kind === 'created' && typeof value === 'string') placeInstant(slots, start, value);
      const text = Buffer.from(stringifyJson(value));
      added.push(text);
      slots[at] = end;
      end += text.length;
      slots[at + 1] = end;
    }
  }
  return { ...scan, id: nextId(), body: new Body([...body.chunks, Buffer.concat(added)]) };
}

/** Returns the flags of a row: which of its values are odd, and whether it has an unknown enum value. */
export function flagsOf({ slots }: Scan, row: number): number {
  return slots[row * NUMBERS_PER_ROW + ROW_FLAGS / 4] ?? 0;
}

/** Returns undefined for a value that can't be read by itself, or that the decoder refuses. */
function decode({ kind, wire }: NamedField, bytes: Buffer, row: number): unknown {
  if (kind === 'config') return undefined;
  try {
    const value = FIELD_READERS[kind](parseJson(bytes.toString('utf8')), row, wire);
    return kind === 'id' && typeof value === 'string' && !PLAIN_ID.test(value) ? undefined : value;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function placeInstant(slots: Uint32Array, start: number, created: string): void {
  const bytes = Buffer.from(slots.buffer, slots.byteOffset + start * 4 + ROW_INSTANT);
  bytes.write(instantOf(created) ?? '', 'latin1');
}

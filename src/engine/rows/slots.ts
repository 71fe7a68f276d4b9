import type { NamedField } from '../../runs/run-fields.ts';
import { ROW_TABLE } from './run-table.ts';

/** All fields of a row, with those of its nested object last. The index of a field is its slot. */
export const SLOTTED_FIELDS: readonly NamedField[] = [...ROW_TABLE.fields, ...ROW_TABLE.nested.fields];

/**
 * A row in the scanner's memory: the slots of its fields; flags, a bit for each field; and when it was
 * created, in the format of `instantOf`. Offsets and size in bytes.
 */
export const SLOT_BYTES = 8;
export const ROW_FLAGS = SLOTTED_FIELDS.length * SLOT_BYTES;
export const ROW_INSTANT = ROW_FLAGS + 4;
const INSTANT_BYTES = 26;
export const ROW_BYTES = Math.ceil((ROW_INSTANT + INSTANT_BYTES) / 4) * 4;

/** The flag of a row with an unknown enum value. The other flags are of fields whose value is odd. */
export const FLAG_OF_NEW_VALUE = 1 << 30;
if (SLOTTED_FIELDS.length > 30) throw new RangeError('The scanner supports at most 30 fields');

const SLOTS: ReadonlyMap<string, number> = new Map(SLOTTED_FIELDS.map(({ name }, slot) => [name, slot]));

export function slotOf(name: string): number {
  return SLOTS.get(name) ?? 0;
}

/** Returns the flag of a row in which the value of a field can't be copied as it is spelled. */
export function flagOf(name: string): number {
  return 1 << slotOf(name);
}

import {
  type NamedField,
  REQUEST_CONFIG_FIELD_LIST,
  RUN_FIELD_LIST,
  type RunFieldName,
} from '../../runs/run-fields.ts';

/** All fields of a row, those of its request config behind the others: each has a slot, at its index. */
export const SLOTTED_FIELDS: readonly NamedField[] = [...RUN_FIELD_LIST, ...REQUEST_CONFIG_FIELD_LIST];

/** Bytes of a slot in the scanner's memory: where a field starts and ends. */
export const SLOT_BYTES = 8;

const SLOTS: ReadonlyMap<string, number> = new Map(SLOTTED_FIELDS.map(({ name }, slot) => [name, slot]));

export function slotOf(name: RunFieldName): number {
  return SLOTS.get(name) ?? 0;
}

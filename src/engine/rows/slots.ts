import {
  type NamedField,
  REQUEST_CONFIG_FIELD_LIST,
  RUN_FIELD_LIST,
  type RunFieldName,
} from '../../runs/run-fields.ts';

/** All fields of a row, with those of its request config last. The index of a field is its slot. */
export const SLOTTED_FIELDS: readonly NamedField[] = [...RUN_FIELD_LIST, ...REQUEST_CONFIG_FIELD_LIST];

/** The size of a slot in the scanner's memory: the start and the end of a field. */
export const SLOT_BYTES = 8;

const SLOTS: ReadonlyMap<string, number> = new Map(SLOTTED_FIELDS.map(({ name }, slot) => [name, slot]));

export function slotOf(name: RunFieldName): number {
  return SLOTS.get(name) ?? 0;
}

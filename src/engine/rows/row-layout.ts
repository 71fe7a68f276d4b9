import { REQUEST_CONFIG_FIELD_LIST, RUN_FIELD_LIST } from '../../runs/run-fields.ts';

/** The fields of a run, and those of its `request_config` behind them. The index of a field is its slot. */
export const SLOTTED_FIELDS = [...RUN_FIELD_LIST, ...REQUEST_CONFIG_FIELD_LIST];

/**
 * A row in the scanner's memory: for each field, start and end in the text, both 0 for null; and when it was
 * created, in the format of `instantOf`. Offsets and sizes in bytes.
 */
export const SLOT_BYTES = 8;
export const ROW_INSTANT = SLOTTED_FIELDS.length * SLOT_BYTES;
const INSTANT_BYTES = 26;
export const NUMBERS_PER_ROW = Math.ceil((ROW_INSTANT + INSTANT_BYTES) / 4);
export const ROW_BYTES = NUMBERS_PER_ROW * 4;

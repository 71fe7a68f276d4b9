import type { FieldKind } from '../../runs/field.ts';
import type { FieldTexts } from './row-program.ts';

/** A field of a row that is copied from its text. */
export interface RowField {
  /** Its name in the schema. */
  readonly name: string;
  /** Its key on the wire. */
  readonly wire: string;
  readonly kind: FieldKind;
  /** For an enum, the name of the field with its text, if there is one. */
  readonly rawName?: string | undefined;
}

/** A list whose rows are copied: what the schema calls its types, and what is written from a row alone. */
export interface RowTable {
  /** The names of the types of a row, of its edge, which is represented by the same row, and of a page. */
  readonly types: { readonly row: string; readonly edge: string; readonly page: string };
  /** The fields of a row: all that need no arguments, context or request. */
  readonly fields: readonly RowField[];
  /** The field of the kind `config`: its name, and the type and fields of the object in it. */
  readonly nested: { readonly name: string; readonly type: string; readonly fields: readonly RowField[] };
  /** The enum values of a row that follow from two of its fields: from the first or, where that has no text, the second. */
  readonly derived: Readonly<Record<string, readonly [FieldTexts, FieldTexts]>>;
  /** The fields of a row with an object of which some fields, by `Type.field`, are fields of the row. */
  readonly links: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The field with the id of the owner of a row, which is required, as are `id` and `createdAt`. */
  readonly owner: string;
  /** The property of a row with its time of creation in the format of `instantOf`. */
  readonly instant: string;
  /** Further properties that all rows of a list have. */
  readonly constants: object;
  /** The rows that a list may have. */
  readonly maxRows: number;
}

/** Returns all fields, the fields of the nested object last. The index of a field is its slot. */
export function slottedFields({ fields, nested }: RowTable): readonly RowField[] {
  return [...fields, ...nested.fields];
}

/**
 * A row in the scanner's memory: for each field, start and end in the text, both 0 for null; and when it was
 * created, in the format of `instantOf`. Offsets and sizes in bytes.
 */
export const SLOT_BYTES = 8;
const INSTANT_BYTES = 26;

export function rowLayout(table: RowTable): { readonly instant: number; readonly bytes: number } {
  const instant = slottedFields(table).length * SLOT_BYTES;
  return { instant, bytes: Math.ceil((instant + INSTANT_BYTES) / 4) * 4 };
}

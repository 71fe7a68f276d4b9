/** The values of an enum on the wire, with the ASCII JSON text that is written for each. */
export interface EnumTexts {
  readonly known: readonly (readonly [value: string, written: string])[];
  readonly ofNull: string;
  readonly ofOthers: string;
}

const ENTRY_BYTES = 16;

/** Encodes a table for `assembly/enum-tables.ts`, to be placed at an address. */
export function enumTable({ known, ofNull, ofOthers }: EnumTexts, address: number): Buffer {
  const texts = [['', ofNull], ['', ofOthers], ...known].flat();
  const head = 4 + (texts.length / 2) * ENTRY_BYTES;
  const table = Buffer.alloc(head + texts.join('').length);
  table.writeUInt32LE(known.length, 0);
  let at = head;
  texts.forEach((text, index) => {
    const entry = 4 + index * 8;
    table.writeUInt32LE(address + at, entry);
    table.writeUInt32LE(text.length, entry + 4);
    at += table.write(text, at, 'latin1');
  });
  return table;
}

/** What a step of a row program writes after its text. */
export const STEP_KINDS = [
  'nothing',
  'slice',
  'instant',
  'enum value',
  'enum list',
  'cursor',
  'object',
] as const;

export interface Step {
  /** ASCII, written unchanged. */
  readonly text: string;
  readonly kind: (typeof STEP_KINDS)[number];
  /** The name of a field of the table. */
  readonly field: string | null;
  readonly enumTexts: EnumTexts | null;
  /** For an object: the number of steps to skip if it is null. */
  skip: number;
}

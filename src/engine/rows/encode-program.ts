import { SLOT_BYTES, SLOTTED_FIELDS } from './row-layout.ts';
import { type EnumTexts, type RowProgram, OPCODES } from './row-program.ts';

const STEP_BYTES = 20;
const ENUM_ENTRY_BYTES = 16;

/** Encodes a program for `assembly/write.ts`, to be placed at an address. */
export function encodeProgram(program: RowProgram, address: number) {
  const head = Buffer.alloc(program.length * STEP_BYTES);
  const tail: Buffer[] = [];
  let at = address + head.length;
  const put = (part: Buffer): number => {
    const start = at;
    tail.push(part);
    at += part.length;
    return start;
  };
  // One table per enum, however often it is written.
  const tables = new Map<EnumTexts, number>();
  program.forEach(({ text, opcode, field, enumTexts, skip }, index) => {
    const slot = SLOTTED_FIELDS.findIndex(({ name }) => name === (field ?? 'id'));
    if (enumTexts !== null && !tables.has(enumTexts)) tables.set(enumTexts, put(enumTable(enumTexts, at)));
    const start = index * STEP_BYTES;
    head.writeUInt32LE(put(Buffer.from(text, 'latin1')), start);
    head.writeUInt32LE(text.length, start + 4);
    head.writeUInt32LE(OPCODES.indexOf(opcode), start + 8);
    head.writeUInt32LE(slot * SLOT_BYTES, start + 12);
    head.writeUInt32LE(enumTexts === null ? skip : (tables.get(enumTexts) ?? 0), start + 16);
  });
  return { bytes: Buffer.concat([head, ...tail]), steps: program.length };
}

/** Encodes a table for `assembly/enum-tables.ts`, to be placed at an address. */
function enumTable({ values, ofNull, ofOthers }: EnumTexts, address: number): Buffer {
  const texts = [['', ofNull], ['', ofOthers], ...values].flat();
  const head = 4 + (texts.length / 2) * ENUM_ENTRY_BYTES;
  const table = Buffer.alloc(head + texts.join('').length);
  table.writeUInt32LE(values.length, 0);
  let at = head;
  texts.forEach((text, index) => {
    const entry = 4 + index * 8;
    table.writeUInt32LE(address + at, entry);
    table.writeUInt32LE(text.length, entry + 4);
    at += table.write(text, at, 'latin1');
  });
  return table;
}

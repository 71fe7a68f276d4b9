import { SLOT_BYTES, SLOTTED_FIELDS } from './row-layout.ts';
import { type EnumTexts, type RowProgram, OPCODES } from './row-program.ts';

/** A program as the scanner runs it. */
export type EncodedProgram = ReturnType<typeof encodeProgram>;

const STEP_BYTES = 20;
const ENUM_ENTRY_BYTES = 16;
/** A quoted cursor takes this many bytes, plus four thirds of its row's quoted id. */
const CURSOR_BYTES = 54;
const GROWTH: Partial<Record<RowProgram[number]['opcode'], number>> = { slice: 1, instant: 1, cursor: 4 / 3 };

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
  /** The maximum number of bytes that are written for each byte of a slot. */
  const copies = new Map<number, number>();
  /** The maximum number of bytes per row that are not copied from its text. */
  let addedBytes = 1;
  program.forEach(({ text, opcode, field, enumTexts, skip }, index) => {
    const slot = SLOTTED_FIELDS.findIndex(({ name }) => name === (field ?? 'id'));
    const longest = enumTexts === null ? 0 : longestOf(enumTexts);
    if (enumTexts !== null && !tables.has(enumTexts)) tables.set(enumTexts, put(enumTable(enumTexts, at)));
    const start = index * STEP_BYTES;
    head.writeUInt32LE(put(Buffer.from(text, 'latin1')), start);
    head.writeUInt32LE(text.length, start + 4);
    head.writeUInt32LE(OPCODES.indexOf(opcode), start + 8);
    head.writeUInt32LE(slot * SLOT_BYTES, start + 12);
    head.writeUInt32LE(enumTexts === null ? skip : (tables.get(enumTexts) ?? 0), start + 16);
    addedBytes += text.length + (opcode === 'cursor' ? CURSOR_BYTES : Math.max(4, longest));
    const growth = opcode === 'enum list' && enumTexts !== null ? listGrowth(enumTexts) : GROWTH[opcode];
    copies.set(slot, (copies.get(slot) ?? 0) + (growth ?? 0));
  });
  /** The most bytes that are written for each byte of any slot. */
  const mostCopies = Math.max(0, ...copies.values());
  return { bytes: Buffer.concat([head, ...tail]), steps: program.length, addedBytes, copies, mostCopies };
}

function longestOf({ values, ofNull, ofOthers }: EnumTexts): number {
  return Math.max(ofNull.length, ofOthers.length, ...values.map(([, name]) => name.length));
}

/** The factor by which an item of a list may grow, with its comma; the shortest unknown item is `"",`. */
function listGrowth({ values, ofOthers }: EnumTexts): number {
  const ofValues = values.map(([value, name]) => (name.length + 1) / (value.length + 3));
  return Math.max((ofOthers.length + 1) / 3, ...ofValues);
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

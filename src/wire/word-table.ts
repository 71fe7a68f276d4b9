/** Words of the wire, and what they are written as: JSON texts in ASCII. */
export interface Words {
  readonly known: readonly (readonly [word: string, written: string])[];
  readonly ofNull: string;
  readonly ofOthers: string;
}

const ENTRY_BYTES = 16;

/** Words as the table that `assembly/words.ts` reads at an address. */
export function wordTable({ known, ofNull, ofOthers }: Words, address: number): Buffer {
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

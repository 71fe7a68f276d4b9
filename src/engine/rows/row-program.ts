import { MAX_PROGRAM_BYTES } from './scanner-module.ts';
import { type CopyProgram, PROGRAM_AT } from './scanner.ts';
import { SLOT_BYTES, slotOf } from './slots.ts';
import { type EnumTexts, enumTable, STEP_KINDS, type Step } from './step.ts';

/** A program that writes one row. */
export interface RowProgram {
  readonly steps: readonly Step[];
  /** The same, encoded for the scanner; null if it is too long. */
  readonly copying: CopyProgram | null;
}

const STEP_BYTES = 20;
/** A quoted cursor takes this many bytes, plus four thirds of its row's quoted id. */
const CURSOR_BYTES = 54;
const CURSOR_GROWTH = 4 / 3;
/** The shortest item of an enum list, `""`. */
const SHORTEST_ITEM_BYTES = 2;

/** Builds a row program step by step. */
export class RowProgramBuilder {
  readonly #steps: Step[] = [];
  #text = '';

  text(text: string): void {
    this.#text += text;
  }

  /** Writes the value of a field, or an instant with its zone; null if it has none. */
  field(kind: 'slice' | 'instant', name: string): void {
    this.#step(kind, name);
  }

  /** Writes the GraphQL names of an enum value or a list of them. */
  enumField(kind: 'enum value' | 'enum list', field: string, enumTexts: EnumTexts): void {
    this.#step(kind, field, enumTexts);
  }

  /** Writes the cursor of the row. */
  cursor(): this {
    this.#step('cursor', null);
    return this;
  }

  /** Writes null if the field is null, else what `write` adds. */
  object(name: string, write: () => void): void {
    const step = this.#step('object', name);
    const before = this.#steps.length;
    write();
    // Ends the object: text that is added later must not be skipped with it.
    this.#step('nothing', null);
    step.skip = this.#steps.length - before;
  }

  finish(): RowProgram {
    this.#step('nothing', null);
    return { steps: this.#steps, copying: copyProgram(this.#steps) };
  }

  #step(kind: Step['kind'], field: string | null, enumTexts: EnumTexts | null = null): Step {
    const step: Step = { text: this.#text, kind, field, enumTexts, skip: 0 };
    this.#text = '';
    this.#steps.push(step);
    return step;
  }
}

function copyProgram(steps: readonly Step[]): CopyProgram | null {
  const head = Buffer.alloc(steps.length * STEP_BYTES);
  const tail: Buffer[] = [];
  let at = PROGRAM_AT + head.length;
  const put = (part: Buffer): number => {
    const start = at;
    tail.push(part);
    at += part.length;
    return start;
  };
  // One table per enum, however often it is written.
  const tables = new Map<EnumTexts, number>();
  const tableOf = (texts: EnumTexts): number => {
    const address = tables.get(texts) ?? put(enumTable(texts, at));
    tables.set(texts, address);
    return address;
  };
  steps.forEach(({ text, kind, field, enumTexts, skip }, index) => {
    const start = index * STEP_BYTES;
    head.writeUInt32LE(put(Buffer.from(text, 'latin1')), start);
    head.writeUInt32LE(text.length, start + 4);
    head.writeUInt32LE(STEP_KINDS.indexOf(kind), start + 8);
    head.writeUInt32LE(field === null ? 0 : slotOf(field) * SLOT_BYTES, start + 12);
    head.writeUInt32LE(enumTexts === null ? skip : tableOf(enumTexts), start + 16);
  });
  const bytes = Buffer.concat([head, ...tail]);
  if (bytes.length > MAX_PROGRAM_BYTES - 64) return null;
  const ownBytes = steps.reduce((sum, step) => sum + ownBytesOf(step), 1);
  const copies = copiesOf(steps);
  const mostCopies = Math.max(0, ...copies.map(([, times]) => times));
  return { bytes, steps: steps.length, ownBytes, copies, mostCopies };
}

/** Returns the maximum number of bytes that a step writes, other than copies from the row. */
function ownBytesOf({ text, kind, enumTexts }: Step): number {
  if (kind === 'nothing') return text.length;
  if (kind === 'cursor') return text.length + CURSOR_BYTES;
  if (enumTexts === null) return text.length + 4;
  return text.length + Math.max(4, longestOf(enumTexts));
}

function longestOf({ known, ofNull, ofOthers }: EnumTexts): number {
  return Math.max(ofNull.length, ofOthers.length, ...known.map(([, name]) => name.length));
}

/** Returns how often each field is copied, at most, by slot. */
function copiesOf(steps: readonly Step[]): CopyProgram['copies'] {
  const bySlot = new Map<number, number>();
  for (const step of steps) {
    const name = step.kind === 'cursor' ? 'id' : step.field;
    if (name === null) continue;
    const slot = slotOf(name);
    bySlot.set(slot, (bySlot.get(slot) ?? 0) + growthOf(step));
  }
  return [...bySlot];
}

/** Returns the maximum number of bytes that are written per byte of the field. */
function growthOf({ kind, enumTexts }: Step): number {
  if (kind === 'object' || kind === 'enum value') return 0;
  if (kind === 'cursor') return CURSOR_GROWTH;
  return enumTexts === null ? 1 : longestOf(enumTexts) / SHORTEST_ITEM_BYTES;
}

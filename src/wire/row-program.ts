import { type FieldKey, slotOf } from './fields.ts';
import { PROGRAM_AT, type Program } from './scanner.ts';
import { MAX_PROGRAM_BYTES } from './scanner-module.ts';
import { type Words, wordTable } from './word-table.ts';

/** What is written of a field, in the order in which `assembly/write.ts` numbers it. */
const OPERATIONS = ['nothing', 'slice', 'instant', 'word', 'words', 'cursor', 'object'] as const;
type Operation = (typeof OPERATIONS)[number];

interface Step {
  readonly text: string;
  readonly operation: Operation;
  readonly key: FieldKey | null;
  readonly words: Words | null;
  /** Of an object: how many steps to leave out if it is null. */
  skip: number;
}

const STEP_BYTES = 20;
const SLOT_BYTES = 8;
/** A cursor of the longest id that is scanned, in quotes. */
const CURSOR_BYTES = 230;
/** What a list of words may grow by: of `""` comes the longest word. */
const WORDS_GROWTH = 16;

/** A program in the making, that writes one row of an answer from the text of a run. */
export class RowProgram {
  readonly #steps: Step[] = [];
  #text = '';

  /** ASCII, written as it is. */
  text(text: string): void {
    this.#text += text;
  }

  /** A field's value as it stands there; null where it is missing. */
  slice(key: FieldKey): void {
    this.#step('slice', key);
  }

  /** An instant, with a zone. */
  instant(key: FieldKey): void {
    this.#step('instant', key);
  }

  word(key: FieldKey, words: Words): void {
    this.#step('word', key, words);
  }

  words(key: FieldKey, words: Words): void {
    this.#step('words', key, words);
  }

  /** The cursor of the run. */
  cursor(): void {
    this.#step('cursor', null);
  }

  /** Null if the field is, else what `write` writes. */
  object(key: FieldKey, write: () => void): void {
    const step = this.#step('object', key);
    const before = this.#steps.length;
    write();
    // What comes next belongs behind the object, not to it.
    this.#step('nothing', null);
    step.skip = this.#steps.length - before;
  }

  /** Null for one that is too long. */
  finish(): Program | null {
    this.#step('nothing', null);
    const head = this.#steps.length * STEP_BYTES;
    const bytes = Buffer.alloc(head);
    const tail: Buffer[] = [];
    let at = PROGRAM_AT + head;
    const put = (part: Buffer): number => {
      const start = at;
      tail.push(part);
      at += part.length;
      return start;
    };
    this.#steps.forEach(({ text, operation, key, words, skip }, index) => {
      const start = index * STEP_BYTES;
      bytes.writeUInt32LE(put(Buffer.from(text, 'latin1')), start);
      bytes.writeUInt32LE(text.length, start + 4);
      bytes.writeUInt32LE(OPERATIONS.indexOf(operation), start + 8);
      bytes.writeUInt32LE(key === null ? 0 : slotOf(key) * SLOT_BYTES, start + 12);
      const table = words && wordTable(words, at);
      bytes.writeUInt32LE(table === null ? skip : put(table), start + 16);
    });
    const all = Buffer.concat([bytes, ...tail]);
    if (all.length > MAX_PROGRAM_BYTES - 64) return null;
    return {
      bytes: all,
      steps: this.#steps.length,
      ownBytes: this.#steps.reduce((sum, step) => sum + ownBytes(step), 1),
      copies: copies(this.#steps),
    };
  }

  #step(operation: Operation, key: FieldKey | null, words: Words | null = null): Step {
    const step: Step = { text: this.#text, operation, key, words, skip: 0 };
    this.#text = '';
    this.#steps.push(step);
    return step;
  }
}

/** The most bytes that a step writes besides what it copies from the text of a run. */
function ownBytes({ text, operation, words }: Step): number {
  if (operation === 'nothing') return text.length;
  if (operation === 'cursor') return text.length + CURSOR_BYTES;
  const longest = words === null ? 4 : Math.max(...writtenOf(words).map((written) => written.length));
  return text.length + Math.max(4, longest);
}

function writtenOf({ known, ofNull, ofOthers }: Words): readonly string[] {
  return [ofNull, ofOthers, ...known.map(([, written]) => written)];
}

/** How often one field is copied: no part of a text belongs to two of them that both are. */
function copies(steps: readonly Step[]): number {
  const byKey = new Map<FieldKey | null, number>();
  for (const { operation, key } of steps) {
    const times = operation === 'words' ? WORDS_GROWTH : 1;
    if (key !== null) byKey.set(key, (byKey.get(key) ?? 0) + times);
  }
  return Math.max(1, ...byKey.values());
}

/** The value that a step of a row program writes after its text; none for `text only`. */
export const OPCODES = [
  'text only',
  'slice',
  'instant',
  'enum value',
  'enum or next',
  'enum list',
  'cursor',
  'object',
] as const;

/** The values of an enum on the wire, with the ASCII JSON text that is written for each. */
export interface EnumTexts {
  readonly values: readonly (readonly [value: string, written: string])[];
  readonly ofNull: string;
  readonly ofOthers: string;
}

interface Step {
  /** ASCII, written unchanged. */
  readonly text: string;
  readonly opcode: (typeof OPCODES)[number];
  /** The name of a field of the table. */
  readonly field: string | null;
  readonly enumTexts: EnumTexts | null;
  /** For an object: the number of steps to skip if it is null. */
  skip: number;
}

/** Writes one row, step by step. */
export type RowProgram = readonly Step[];

export class RowProgramBuilder {
  readonly #steps: Step[] = [];
  #text = '';

  text(text: string): void {
    this.#text += text;
  }

  /** Writes the value of a field; enums by their texts. */
  step(opcode: Step['opcode'], field: string | null, enumTexts: EnumTexts | null = null): Step {
    const step: Step = { text: this.#text, opcode, field, enumTexts, skip: 0 };
    this.#text = '';
    this.#steps.push(step);
    return step;
  }

  /** Writes null if the field is null, else what `write` adds. */
  object(name: string, write: () => void): void {
    const step = this.step('object', name);
    const before = this.#steps.length;
    write();
    // Ends the object: text that is added later must not be skipped with it.
    this.step('text only', null);
    step.skip = this.#steps.length - before;
  }

  build(): RowProgram {
    this.step('text only', null);
    return this.#steps;
  }
}

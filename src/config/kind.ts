/** What a setting can be. Each is its own JSON. */
export type SettingValue = string | number | boolean | readonly string[] | undefined;

/** JSON Schema of one value, with the keywords that kinds need. */
export interface ValueSchema {
  readonly type: 'integer' | 'boolean' | 'string' | 'array';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly items?: ValueSchema;
  readonly examples?: readonly string[];
}

/** A value that isn't one of its kind. */
export class Mismatch {
  /** What would be, as the object of "expected". */
  readonly expected: string;
  /** Whether the value must not be shown. */
  readonly secret: boolean;

  constructor(expected: string, { secret = false } = {}) {
    this.expected = expected;
    this.secret = secret;
  }
}

/** The values that a setting may have, and how they are written. */
export interface Kind<T extends SettingValue> {
  /** Stands for the value behind its flag. */
  readonly placeholder: string;
  /** The text of a flag or variable. */
  readonly fromText: (text: string) => T | Mismatch;
  /** The value of a key in the file. */
  readonly fromJson: (value: unknown) => T | Mismatch;
  /** Accepts what `fromJson` does, as far as a schema can tell. */
  readonly schema: ValueSchema;
  /** What is allowed in a flag or variable, and in the file; as the object of "expected". */
  readonly allowed: { readonly text: string; readonly json: string };
  /** How `undefined` is written, if it can be. */
  readonly absent?: string;
}

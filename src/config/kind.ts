/** The value of a setting. Its JSON in the config file is the same value. */
export type SettingValue = string | number | boolean | readonly string[] | undefined;

/** The JSON Schema of one value, limited to the keywords that kinds need. */
export interface ValueSchema {
  readonly type: 'integer' | 'boolean' | 'string' | 'array';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly items?: ValueSchema;
  readonly examples?: readonly string[];
}

/** Returned for a value that is not valid for its kind. */
export class Mismatch {
  /** What is allowed, phrased to follow "expected". */
  readonly expected: string;
  /** Whether the value must not appear in messages. */
  readonly secret: boolean;

  constructor(expected: string, { secret = false } = {}) {
    this.expected = expected;
    this.secret = secret;
  }
}

/** The values that a setting may have, and how they are parsed. */
export interface Kind<T extends SettingValue> {
  /** Stands for the value in `--help`. */
  readonly placeholder: string;
  /** Parses the text of a flag or variable. */
  readonly fromText: (text: string) => T | Mismatch;
  /** Reads the value of a key in the file. */
  readonly fromJson: (value: unknown) => T | Mismatch;
  /** Accepts what `fromJson` accepts, as far as JSON Schema can express it. */
  readonly schema: ValueSchema;
  /** What is allowed in a flag or variable, and in the file; phrased to follow "expected". */
  readonly allowed: { readonly text: string; readonly json: string };
  /** The text that stands for `undefined`, if there is one. */
  readonly absent?: string;
}

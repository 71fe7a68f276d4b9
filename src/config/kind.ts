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

  constructor(expected: string, secret: boolean) {
    this.expected = expected;
    this.secret = secret;
  }
}

/**
 * The values that a setting may have, and how they are parsed. Written by hand: a schema library would say
 * the types and bounds of JSON values, which take a line each here, and neither how flags and variables
 * spell them, nor what messages, `--help` and the docs say of them, nor which of them are secret.
 */
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
  /** Whether values are secret: there is no flag, and a file of its own may hold the value. */
  readonly holdsSecret?: true;
}

/** Secret values of a setting. */
export interface SecretKind<T extends SettingValue> extends Kind<T> {
  readonly holdsSecret: true;
}

export function asSecret<T extends SettingValue>(kind: Kind<T>): SecretKind<T> {
  return { ...kind, holdsSecret: true };
}

export interface KindOptions<T> {
  readonly placeholder: string;
  readonly schema: ValueSchema;
  /** In the file. */
  readonly allowed: string;
  /** In a flag or variable. @default allowed */
  readonly allowedText?: string;
  /** Returns undefined for what is not allowed. */
  readonly read: (value: unknown) => T | undefined;
  /** Returns what the text of a flag or variable says, as in the file. @default the text itself */
  readonly toJson?: (text: string) => unknown;
  /** Whether a refused value must not be shown. @default never */
  readonly isSecret?: ((refused: unknown) => boolean) | undefined;
}

export function createKind<T extends SettingValue & {}>(options: KindOptions<T>): Kind<T> {
  const { placeholder, schema, allowed, allowedText = allowed, read } = options;
  const { toJson = (given) => given, isSecret = () => false } = options;
  return {
    placeholder,
    schema,
    allowed: { text: allowedText, json: allowed },
    fromText: (given) => read(toJson(given)) ?? new Mismatch(allowedText, isSecret(given)),
    fromJson: (value) => read(value) ?? new Mismatch(allowed, isSecret(value)),
  };
}

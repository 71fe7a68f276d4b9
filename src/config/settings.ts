import { path } from './schemas.ts';

export type SettingValue = string | number | boolean | readonly string[];

/** What the values of a setting may be: keywords of JSON Schema, and what that can't say. */
export interface Schema {
  readonly type: 'integer' | 'boolean' | 'string' | 'array';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  /** Of a text, or of the texts of a list, as is what follows. */
  readonly pattern?: RegExp;
  readonly examples?: readonly string[];
  /** What is allowed, phrased to follow "expected". */
  readonly expected?: string;
  /** Checks what the pattern can't, and returns the canonical form; false for what is not allowed. */
  readonly read?: (text: string) => string | false;
  /** Stands for the value in `--help`. */
  readonly placeholder?: string;
}

/** One setting. Its key in a table is also its key in the config file and in the values that are read. */
export interface Setting extends Schema {
  readonly default?: SettingValue;
  /** One or two sentences, with the unit; code in backticks. */
  readonly description: string;
  /** Without the dashes. */
  readonly flag?: string;
  /** The flag in one letter. */
  readonly short?: string;
  readonly variable?: string;
  /** It has no flag, since other users of a machine can read command lines, but a setting for a file that holds it. */
  readonly secret?: true;
  /** The key of the secret that the file holds: an entry of a list on each line, or between commas. */
  readonly fileOf?: string;
}

export type SettingTable = Readonly<Record<string, Setting>>;

type ValueOf<S extends Setting> = S extends { readonly enum: readonly (infer E)[] }
  ? E
  : { integer: number; boolean: boolean; string: string; array: readonly string[] }[S['type']];

/** The values of all settings in a table; undefined for a setting without a default that is not set. */
export type Values<T extends SettingTable> = {
  readonly [K in keyof T]: ValueOf<T[K]> | (T[K] extends { readonly default: unknown } ? never : undefined);
};

/** The settings that name the files of secrets: `apiKeyFile` for `apiKey`. */
type FileSettings<T extends SettingTable> = {
  readonly [K in keyof T & string as T[K] extends { secret: true } ? `${K}File` : never]: typeof path & {
    readonly description: string;
  };
};

/** A row of a table. */
export const setting = <const S extends Omit<Setting, 'description'>>(schema: S, description: string) => ({
  ...schema,
  description,
});

/** `max-cost` for `maxCost`. */
export function flagOf(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Gives settings the flags that follow from their keys, where they have none and aren't secret. */
export function flags<const T extends SettingTable>(table: T): T;
export function flags(table: SettingTable): SettingTable {
  const rows: Record<string, Setting> = { ...table };
  for (const [key, row] of Object.entries(table)) {
    if (row.secret !== true) rows[key] = { flag: flagOf(key), ...row };
  }
  return rows;
}

/** Gives settings their variables and flags as well, and secrets the settings of their files. */
export function settings<const T extends SettingTable>(table: T): T & FileSettings<T>;
export function settings(table: SettingTable): SettingTable {
  const rows: Record<string, Setting> = {};
  for (const [key, row] of Object.entries(table)) {
    const variable = row.variable ?? flagOf(key).replaceAll('-', '_').toUpperCase();
    rows[key] = { ...row, variable };
    if (row.secret !== true) continue;
    const ofFile = { ...path, variable: `${variable}_FILE`, fileOf: key };
    rows[`${key}File`] = setting(ofFile, `File that holds \`${variable}\`.`);
  }
  return flags(rows);
}

import { path, type Schema } from './value-schemas.ts';

export type SettingValue = string | number | boolean | readonly string[];

/** Whether settings are for a program that uses the package, for a command at a terminal, or for a service. */
export interface AtPlace {
  readonly place: 'program' | 'terminal' | 'service';
}

/** One setting. Its key in a table is also its key in the config file and in the values that are read. */
export interface Setting extends Schema {
  readonly default?: SettingValue;
  /** Returns a default that depends on the place and other settings. Only those above it have such defaults already. */
  readonly defaultFrom?: (settings: never) => SettingValue | undefined;
  /** One or two sentences, which name the unit, with code in backticks. */
  readonly description: string;
  /** The name of the flag, without its dashes. */
  readonly flag?: string;
  /** The flag in one letter. */
  readonly short?: string;
  readonly variable?: string;
  /** A secret has no flag, since other users can read command lines, but a setting that names its file. */
  readonly secret?: true;
  /** The key of the secret that the file holds; entries of a list are separated by line breaks or commas. */
  readonly fileOf?: string;
}

export type SettingTable = Readonly<Record<string, Setting>>;

type ValueOf<S extends Setting> = S extends { readonly enum: readonly (infer E)[] }
  ? E
  : { integer: number; boolean: boolean; string: string; array: readonly string[] }[S['type']];

/** The values of settings, with all defaults; undefined for one that is not set and has none. */
export type Values<T extends SettingTable> = {
  readonly [K in keyof T]: T[K] extends { readonly defaultFrom: (settings: never) => infer D }
    ? ValueOf<T[K]> | Extract<D, undefined>
    : Given<T>[K];
};

/** The values without the defaults that depend on other settings. */
export type Given<T extends SettingTable> = {
  readonly [K in keyof T]: ValueOf<T[K]> | (T[K] extends { readonly default: unknown } ? never : undefined);
};

/** The settings that name the files of secrets: `apiKeyFile` for `apiKey`. */
type FileSettings<T extends SettingTable> = {
  readonly [K in keyof T & string as T[K] extends { secret: true } ? `${K}File` : never]: typeof path & {
    readonly description: string;
  };
};

/** Returns a row of a table of settings. */
export const setting = <const S extends Omit<Setting, 'description'>>(schema: S, description: string) => ({
  ...schema,
  description,
});

/** `max-cost` for `maxCost`. */
function flagOf(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Gives a flag, named as its key, to each setting that has none and isn't secret. */
export function withFlags<const T extends SettingTable>(table: T): T;
export function withFlags(table: SettingTable): SettingTable {
  const rows = Object.entries(table);
  return Object.fromEntries(
    rows.map(([key, row]) => [key, row.secret ? row : { flag: flagOf(key), ...row }]),
  );
}

/**
 * Gives settings their variables and flags, and adds the setting of a file for each secret.
 *
 * @param prefix of the variables that rows don't name
 */
export function defineSettings<const T extends SettingTable>(prefix: string, table: T): T & FileSettings<T>;
export function defineSettings(prefix: string, table: SettingTable): SettingTable {
  const rows: Record<string, Setting> = {};
  for (const [key, row] of Object.entries(table)) {
    const { flag = flagOf(key) } = row;
    const variable = row.variable ?? prefix + flag.replaceAll('-', '_').toUpperCase();
    rows[key] = { ...row, variable };
    if (row.secret !== true) continue;
    const ofFile = { ...path, variable: `${variable}_FILE`, fileOf: key };
    rows[`${key}File`] = setting(ofFile, `File that holds \`${variable}\`.`);
  }
  return withFlags(rows);
}

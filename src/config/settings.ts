import type { Kind, SecretKind, SettingValue } from './kind.ts';
import { path } from './kinds.ts';

/** One setting. Its key in a table is also its key in the file and in the values that are read. */
export interface Setting<T extends SettingValue = SettingValue> {
  /** Without the dashes. */
  readonly flag?: string;
  readonly variable?: string;
  readonly kind: Kind<T>;
  readonly default?: T;
  /** One or two sentences, with the unit; code in backticks. */
  readonly description: string;
  /** Whether a secret isn't replaced when its file changes. */
  readonly isReadOnce?: true;
}

/** A setting whose value is secret. */
export interface SecretSetting<T extends SettingValue = SettingValue> extends Setting<T> {
  readonly kind: SecretKind<T>;
}

export type SettingTable = Readonly<Record<string, Setting>>;

/** The values of all settings in a table. */
export type Values<T extends SettingTable> = {
  readonly [K in keyof T]: T[K] extends Setting<infer V> ? V : never;
};

/** The settings that name the files of secrets: `apiKeyFile` for `apiKey`. */
type FileSettings<T extends SettingTable> = {
  readonly [K in keyof T & string as T[K] extends SecretSetting ? `${K}File` : never]: Setting<
    string | undefined
  >;
};

/** Defines a setting. The compiler infers its type of value, with `undefined` if it has no default. */
export function setting<T extends SettingValue, D extends T | undefined = undefined>(
  fields: Omit<Setting, 'kind' | 'default'> & { readonly kind: SecretKind<T>; readonly default?: D },
): SecretSetting<T | Extract<D, undefined>>;
export function setting<T extends SettingValue, D extends T | undefined = undefined>(
  fields: Omit<Setting, 'kind' | 'default'> & { readonly kind: Kind<T>; readonly default?: D },
): Setting<T | Extract<D, undefined>>;
export function setting(fields: Setting): Setting {
  return fields;
}

/**
 * Gives settings the names that follow from their keys, where they have none of their own: `maxCost` is
 * `--max-cost` and `MAX_COST`. Secrets get no flag, because other users of a machine can read command lines,
 * but a setting for a file that holds them.
 */
export function named<T extends SettingTable>(table: T): T & FileSettings<T>;
export function named(table: SettingTable): SettingTable {
  return Object.fromEntries(
    Object.entries(table).flatMap(([key, fields]) => {
      const flag = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      const variable = fields.variable ?? flag.replaceAll('-', '_').toUpperCase();
      if (fields.kind.holdsSecret !== true) return [[key, { flag, ...fields, variable }]];
      const when = fields.isReadOnce === true ? 'once, at start' : 'again when it changes';
      const description = `File that holds \`${variable}\`. It is read ${when}.`;
      const file = { flag: `${flag}-file`, variable: `${variable}_FILE`, kind: path, description };
      return [
        [key, { ...fields, variable }],
        [`${key}File`, file],
      ];
    }),
  );
}

export function defaultsOf<T extends SettingTable>(table: T): Values<T>;
export function defaultsOf(table: SettingTable): Values<SettingTable> {
  return Object.fromEntries(Object.entries(table).map(([name, { default: value }]) => [name, value]));
}

/** Returns the default of a setting as JSON; undefined if there is none. */
export function defaultJson({ default: value, kind }: Setting): SettingValue {
  return value ?? kind.absent;
}

/** Returns the default of a setting as the text of a flag or variable; undefined if there is none. */
export function defaultText(of: Setting): string | undefined {
  const value = defaultJson(of);
  if (value === undefined) return undefined;
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'object' ? value.join(',') || undefined : String(value);
}

/** A flag that is not a setting, and so can't be given in the environment or the file. */
export interface CommandLineFlag {
  /** Without the dashes. */
  readonly flag: string;
  /** Stands for its value in `--help`; a flag without one is a switch. */
  readonly placeholder?: string;
  readonly description: string;
}

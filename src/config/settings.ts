import type { Kind, SettingValue } from './kind.ts';

/** One setting. Its name is that of its key in the file, and of its property in what is read. */
export interface Setting<T extends SettingValue = SettingValue> {
  /** Without the dashes. */
  readonly flag?: string;
  readonly variable?: string;
  readonly kind: Kind<T>;
  readonly default: T;
  /** One sentence, with the unit; names of code stand in backticks. */
  readonly description: string;
}

export type SettingTable = Readonly<Record<string, Setting>>;

/** What the settings of a table are worth together. */
export type Values<T extends SettingTable> = {
  readonly [K in keyof T]: T[K] extends Setting<infer V> ? V : never;
};

/** Lets the compiler work out what values a setting can have: with `undefined` if that is the default. */
export function setting<T extends SettingValue, D extends T | undefined>(
  fields: Omit<Setting, 'kind' | 'default'> & { readonly kind: Kind<T>; readonly default: D },
): Setting<T | Extract<D, undefined>>;
export function setting(fields: Setting): Setting {
  return fields;
}

export function defaultsOf<T extends SettingTable>(table: T): Values<T>;
export function defaultsOf(table: SettingTable): Values<SettingTable> {
  return Object.fromEntries(Object.entries(table).map(([name, { default: value }]) => [name, value]));
}

/** A setting's default as JSON; undefined if there is none. */
export function defaultJson({ default: value, kind }: Setting): SettingValue {
  return value ?? kind.absent;
}

/** A setting's default as the text of a flag or variable; undefined if there is none. */
export function defaultText(of: Setting): string | undefined {
  const value = defaultJson(of);
  if (value === undefined) return undefined;
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'object' ? value.join(',') || undefined : String(value);
}

/** Something that only a command line can say, because it isn't a setting. */
export interface CommandLineFlag {
  /** Without the dashes. */
  readonly flag: string;
  /** Stands for its value; without one the flag is a switch, said or not. */
  readonly placeholder?: string;
  readonly description: string;
}

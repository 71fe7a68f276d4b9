import { readTextFile } from '../runtime/read-text-file.ts';
import type { AtPlace, Values, Setting, SettingTable, SettingValue } from './define-settings.ts';
import { allowed, shown, validValue, valueOfText } from './setting-value.ts';

/** The flags that are present, by name without the dashes. */
export type Flags = Readonly<Record<string, string | undefined>>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where settings come from, in order of precedence. */
export interface Sources extends Partial<AtPlace> {
  readonly flags?: Flags;
  /** An empty variable counts as absent. */
  readonly env?: Environment;
  /** Settings by their keys, from a config file or a program, and the prefix of keys in messages. */
  readonly keys?: { readonly prefix: string; readonly values: Readonly<Record<string, unknown>> } | undefined;
  /** Reads the file of a secret. @throws an error with a code */
  readonly readText?: (path: string) => string;
  /** Whether the values were read before. Then a secret may stand beside the setting of its file. */
  readonly isAgain?: boolean;
}

/**
 * Reads all settings of a table, and secrets from the files that other settings name. An invalid setting adds a
 * problem, and has its default.
 *
 * @returns also the names of the flags, variables or keys that were read, by the keys of their settings
 */
export function readSettings<const T extends SettingTable>(table: T, sources: Sources) {
  const { place = 'service' } = sources;
  const entries = Object.entries<Setting>(table);
  const values = new Map(entries.map(([key, setting]) => [key, setting.default]));
  const names = new Map<string, string>();
  const problems: string[] = [];
  const take = (key: string, setting: Setting, { name, raw, isText }: Found): SettingValue | undefined => {
    const value = validValue(setting, isText ? valueOfText(setting, String(raw)) : raw);
    names.set(key, name);
    if (value !== undefined) values.set(key, value);
    else problems.push(`${name}: expected ${allowed(setting, isText)}, but got ${shown(setting, raw)}`);
    return value;
  };
  for (const [key, setting] of entries) {
    const found = find(key, setting, sources);
    const path = found && take(key, setting, found);
    const { fileOf = '', variable } = setting;
    const secret = table[fileOf];
    if (path === undefined || secret === undefined) continue;
    const other = names.get(fileOf);
    if (other === undefined) {
      const name = `${variable}: ${String(path)}`;
      try {
        const raw = (sources.readText ?? readTextFile)(String(path)).trim();
        take(fileOf, secret, { name, raw, isText: true });
      } catch (error) {
        problems.push(`${name}: expected a readable file, but got ${JSON.stringify(Object(error).code)}`);
      }
    } else if (sources.isAgain !== true) {
      problems.push(`${other}, ${names.get(key)}: both are set; set one of them`);
    }
  }
  for (const [key, { defaultFrom }] of entries) {
    if (defaultFrom === undefined || values.get(key) !== undefined) continue;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `defaultFrom` takes the settings of its table.
    const others = { place, ...Object.fromEntries(values) } as never;
    values.set(key, defaultFrom(others));
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each value was checked by its setting.
  return { values: Object.fromEntries(values) as Values<T>, names, problems };
}

type Found = NonNullable<ReturnType<typeof find>>;

/**
 * Finds a setting in the source with the highest precedence that has it.
 *
 * @returns the value before it is checked, the name of its flag, variable or key, and whether it is text, not JSON
 */
function find(key: string, { flag = '', variable = '' }: Setting, sources: Sources) {
  const { flags, env, keys } = sources;
  const candidates = [
    { name: `--${flag}`, raw: flags?.[flag], isText: true },
    { name: variable, raw: env?.[variable] || undefined, isText: true },
    { name: `${keys?.prefix}${key}`, raw: keys?.values[key], isText: false },
  ];
  return candidates.find((each) => each.raw !== undefined);
}

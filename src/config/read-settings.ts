import { allowed, shown, validValue, valueOfText } from './setting-value.ts';
import type { Setting, SettingTable, SettingValue, Values } from './settings.ts';

/** The flags that are present, by name without the dashes. */
export type Flags = Readonly<Record<string, string | undefined>>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a whole file as text. @throws an error with a code */
export type ReadText = (path: string) => string;

/** The keys of a config file. */
export interface FileValues {
  /** The name of the file in error messages. */
  readonly name: string;
  readonly values: ReadonlyMap<string, unknown>;
}

/** Where settings come from, in order of precedence. */
export interface Sources {
  /** Options of a program, by the names of the settings. */
  readonly options?: ReadonlyMap<string, unknown>;
  readonly flags?: Flags;
  /** An empty variable counts as absent. */
  readonly env?: Environment | undefined;
  readonly file?: FileValues | undefined;
  /** Reads the files of secrets. @default there are none */
  readonly readText?: ReadText;
}

/** The values of all settings in a table. */
interface ReadSettings<T extends SettingTable> {
  readonly values: Values<T>;
  readonly problems: readonly string[];
  /** The names under which values were given, by the keys of those that were. */
  readonly names: ReadonlyMap<string, string>;
}

/** A value before it is checked. */
interface Found {
  /** The name under which the value was given. */
  readonly name: string;
  readonly given: unknown;
  readonly isText: boolean;
  /** Why it can't be looked at. */
  readonly problem?: string;
}

/** Reads all settings of a table. An invalid one is reported as a problem, and its default is returned. */
export function readSettings<T extends SettingTable>(table: T, sources: Sources): ReadSettings<T>;
export function readSettings(table: SettingTable, sources: Sources): ReadSettings<SettingTable> {
  const values: Record<string, SettingValue | undefined> = {};
  const problems: string[] = [];
  const names = new Map<string, string>();
  for (const [key, setting] of Object.entries(table)) {
    values[key] = setting.default;
    const found = find(key, setting, sources) ?? findInFile(key, table, sources);
    if (found === undefined) continue;
    const { name, given, isText, problem } = found;
    names.set(key, name);
    const value = validValue(setting, isText ? valueOfText(setting, String(given)) : given);
    if (problem !== undefined) problems.push(problem);
    else if (value === undefined) {
      problems.push(`${name}: expected ${allowed(setting, isText)}, but got ${shown(setting, given)}`);
    } else values[key] = value;
  }
  return { values, problems, names };
}

/** Finds a setting in the source with the highest precedence that has it. */
function find(key: string, setting: Setting, { options, flags, env, file }: Sources): Found | undefined {
  const { flag = '', variable = '' } = setting;
  const given: readonly Found[] = [
    { name: key, given: options?.get(key), isText: false },
    { name: `--${flag}`, given: flags?.[flag], isText: true },
    { name: variable, given: env?.[variable] || undefined, isText: true },
    { name: `${file?.name}: ${key}`, given: file?.values.get(key), isText: false },
  ];
  return given.find((each) => each.given !== undefined);
}

/** Finds a secret, or a list of which each has a line, in the file that another setting names. */
function findInFile(key: string, table: SettingTable, sources: Sources): Found | undefined {
  const { readText } = sources;
  const ofFile = table[`${key}File`];
  if (ofFile === undefined || readText === undefined) return undefined;
  const found = find(`${key}File`, ofFile, sources);
  if (found === undefined || validValue(ofFile, found.given) === undefined) return undefined;
  const path = String(found.given);
  const name = `${ofFile.variable}: ${path}`;
  try {
    const text = readText(path).trim();
    const given = table[key]?.type === 'array' ? text.replaceAll(/\s*\n\s*/g, ',') : text;
    return { name, given, isText: true };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const problem = `${name}: expected a readable file, but got ${JSON.stringify(code)}`;
    return { name, given: '', isText: true, problem };
  }
}

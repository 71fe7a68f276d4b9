import { ConfigError } from './config-error.ts';
import { type Kind, Mismatch, type SettingValue } from './kind.ts';
import type { Setting, SettingTable, Values } from './settings.ts';

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

interface Found {
  /** The name under which the value was given. */
  readonly name: string;
  readonly given: unknown;
  readonly value: SettingValue | Mismatch;
}

/** Reads all settings of a table. @throws ConfigError with all problems */
export function readValid<T extends SettingTable>(table: T, sources: Sources): Values<T> {
  const { values, problems } = readSettings(table, sources);
  if (problems.length > 0) throw new ConfigError(problems);
  return values;
}

/** Reads all settings of a table. An invalid one is reported as a problem, and its default is returned. */
export function readSettings<T extends SettingTable>(table: T, sources: Sources): ReadSettings<T>;
export function readSettings(table: SettingTable, sources: Sources): ReadSettings<SettingTable> {
  const values: Record<string, SettingValue> = {};
  const problems: string[] = [];
  const names = new Map<string, string>();
  for (const [key, setting] of Object.entries(table)) {
    const found = find(key, setting, sources) ?? findInFile(key, table, sources);
    if (found !== undefined) names.set(key, found.name);
    if (found?.value instanceof Mismatch) problems.push(describe(found, found.value));
    values[key] = found === undefined || found.value instanceof Mismatch ? setting.default : found.value;
  }
  return { values, problems, names };
}

/** Finds a setting in the source with the highest precedence that has it. */
function find(key: string, setting: Setting, { options, flags, env, file }: Sources): Found | undefined {
  const { flag = '', variable = '', kind } = setting;
  const json = (name: string, given: unknown): Found | undefined =>
    given === undefined ? undefined : { name, given, value: kind.fromJson(given) };
  const written = (name: string, given: string | undefined): Found | undefined =>
    given === undefined ? undefined : { name, given, value: kind.fromText(given) };
  return (
    json(key, options?.get(key)) ??
    written(`--${flag}`, flags?.[flag]) ??
    written(variable, env?.[variable] || undefined) ??
    json(`${file?.name}: ${key}`, file?.values.get(key))
  );
}

/** Finds a secret in the file that another setting names. */
function findInFile(key: string, table: SettingTable, sources: Sources): Found | undefined {
  const ofFile = table[`${key}File`];
  const kind = table[key]?.kind;
  if (kind?.holdsSecret !== true || ofFile === undefined || sources.readText === undefined) return undefined;
  const path = find(`${key}File`, ofFile, sources)?.value;
  if (typeof path !== 'string') return undefined;
  return { name: `${ofFile.variable}: ${path}`, ...readSecret(kind, path, sources.readText) };
}

/** Reads a file with one secret, or with a list of which each has a line. */
function readSecret(kind: Kind<SettingValue>, path: string, readText: ReadText): Omit<Found, 'name'> {
  try {
    const text = readText(path).trim();
    const given = kind.schema.type === 'array' ? text.replaceAll(/\s*\n\s*/g, ',') : text;
    return { given, value: given === '' ? new Mismatch(kind.allowed.text, false) : kind.fromText(given) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return { given: code, value: new Mismatch('a readable file', false) };
  }
}

function describe({ name, given }: Found, { expected, secret }: Mismatch): string {
  return `${name}: expected ${expected}, but got ${secret ? 'something else (not shown)' : show(given)}`;
}

function show(given: unknown): string {
  if (Array.isArray(given)) return 'a list';
  if (typeof given === 'object' && given !== null) return 'an object';
  return typeof given === 'string' ? JSON.stringify(given) : String(given);
}

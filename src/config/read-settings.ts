import { Mismatch, type SettingValue } from './kind.ts';
import type { Setting, SettingTable, Values } from './settings.ts';

/** The flags that are present, by name without the dashes. */
export type Flags = Readonly<Record<string, string | undefined>>;
export type Environment = Readonly<Record<string, string | undefined>>;

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
}

interface Found {
  /** The name under which the value was given. */
  readonly name: string;
  readonly given: unknown;
  readonly value: SettingValue | Mismatch;
}

/** Reads all settings of a table. An invalid one is reported as a problem, and its default is returned. */
export function readSettings<T extends SettingTable>(
  table: T,
  sources: Sources,
): { values: Values<T>; problems: readonly string[] };
export function readSettings(
  table: SettingTable,
  sources: Sources,
): { values: Values<SettingTable>; problems: readonly string[] } {
  const values: Record<string, SettingValue> = {};
  const problems: string[] = [];
  for (const [key, setting] of Object.entries(table)) {
    const found = find(key, setting, sources);
    if (found?.value instanceof Mismatch) problems.push(describe(found, found.value));
    values[key] = found === undefined || found.value instanceof Mismatch ? setting.default : found.value;
  }
  return { values, problems };
}

/** Finds a setting in the source with the highest precedence that has it. */
function find(key: string, { flag, variable, kind }: Setting, sources: Sources): Found | undefined {
  if (sources.options?.has(key) === true) {
    const given = sources.options.get(key);
    return { name: key, given, value: kind.fromJson(given) };
  }
  const fromFlag = flag === undefined ? undefined : sources.flags?.[flag];
  if (fromFlag !== undefined) {
    return { name: `--${flag}`, given: fromFlag, value: kind.fromText(fromFlag) };
  }
  const fromEnv = variable === undefined ? undefined : sources.env?.[variable];
  if (variable !== undefined && fromEnv !== undefined && fromEnv !== '') {
    return { name: variable, given: fromEnv, value: kind.fromText(fromEnv) };
  }
  if (sources.file?.values.has(key) !== true) return undefined;
  const given = sources.file.values.get(key);
  return { name: `${sources.file.name}: ${key}`, given, value: kind.fromJson(given) };
}

function describe({ name, given }: Found, { expected, secret }: Mismatch): string {
  return `${name}: expected ${expected}, but got ${secret ? 'something else (not shown)' : show(given)}`;
}

function show(given: unknown): string {
  if (Array.isArray(given)) return 'a list';
  if (typeof given === 'object' && given !== null) return 'an object';
  return typeof given === 'string' ? JSON.stringify(given) : String(given);
}

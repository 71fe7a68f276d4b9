import { parseInputJson } from '../json/parse-json.ts';
import { ConfigError } from './config-error.ts';
import type { FileValues, ReadText } from './read-settings.ts';
import type { SettingTable } from './settings.ts';
import { didYouMean } from './suggest.ts';

/** Read by the gateway from the working directory if it exists. */
export const DEFAULT_CONFIG_FILE = 'runs-gateway.config.json';

/** The content of a config file. */
export interface ConfigFile {
  /** Its name in error messages. */
  readonly name: string;
  readonly text: string;
}

/**
 * Reads the config file: the one named by `--config`, else the default one if it exists.
 *
 * @throws ConfigError if the file can't be read
 */
export function findConfigFile(path: string | undefined, readText: ReadText): ConfigFile | undefined {
  const name = path ?? DEFAULT_CONFIG_FILE;
  try {
    return { name, text: readText(name) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (path === undefined && code === 'ENOENT') return undefined;
    const where = path === undefined ? name : `--config: ${JSON.stringify(name)}`;
    throw new ConfigError([`${where}: expected a readable file (${String(code)})`]);
  }
}

/** Allowed in addition to the settings: tells editors where the JSON schema is. */
export const SCHEMA_KEY = '$schema';

/** Parses a config file and checks its keys. Their values are validated by `readSettings`. */
export function parseConfigFile(
  { name, text }: ConfigFile,
  table: SettingTable,
): { file: FileValues; problems: readonly string[] } {
  const broken = (problem: string) => ({ file: { name, values: new Map() }, problems: [problem] });
  let content: unknown;
  try {
    content = parseInputJson(text);
  } catch (error) {
    return broken(`${name}: malformed JSON${positionOf(error)}`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    return broken(`${name}: expected an object, such as {"port": 4000}`);
  }
  const values = new Map<string, unknown>(Object.entries(content));
  values.delete(SCHEMA_KEY);
  const known = Object.keys(table);
  const unknown = [...values.keys()].filter((key) => !known.includes(key));
  return {
    file: { name, values },
    problems: unknown.map((key) => `${name}: ${key}: unknown key; ${didYouMean(key, 'keys', known)}`),
  };
}

/** The position of the syntax error, if known. The rest of the message may quote a secret from the file. */
function positionOf(error: unknown): string {
  const [, line, column] = /\(line (\d+) column (\d+)\)$/.exec(String(error)) ?? [];
  return line === undefined ? '' : ` at line ${line}, column ${column}`;
}

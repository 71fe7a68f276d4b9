import { parseInputJson } from '../json/parse-json.ts';
import type { FileValues, ReadText } from './read-settings.ts';
import type { SettingTable } from './settings.ts';
import { unknown } from './suggest.ts';

/** Read by the gateway from the working directory if it exists. */
export const DEFAULT_CONFIG_FILE = 'runs-gateway.config.json';

type ReadFile = { readonly file?: FileValues; readonly problems: readonly string[] };

/**
 * Reads the config file, the one of `--config` or else the default one if it exists, and checks its keys. Their
 * values are checked by `readSettings`.
 */
export function readConfigFile(path: string | undefined, table: SettingTable, readText: ReadText): ReadFile {
  const name = path ?? DEFAULT_CONFIG_FILE;
  let text: string;
  try {
    text = readText(name);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (path === undefined && code === 'ENOENT') return { problems: [] };
    const where = path === undefined ? name : `--config: ${JSON.stringify(name)}`;
    return { problems: [`${where}: expected a readable file (${String(code)})`] };
  }
  return parse(name, text, Object.keys(table));
}

function parse(name: string, text: string, known: readonly string[]): ReadFile {
  let content: unknown;
  try {
    content = parseInputJson(text);
  } catch (error) {
    return { problems: [`${name}: malformed JSON${positionOf(error)}`] };
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    return { problems: [`${name}: expected an object, such as {"port": 4000}`] };
  }
  const values = new Map<string, unknown>(Object.entries(content));
  // For editors.
  values.delete('$schema');
  const strange = [...values.keys()].filter((key) => !known.includes(key));
  return { file: { name, values }, problems: strange.map((key) => `${name}: ${unknown(key, 'key', known)}`) };
}

/** The position of the syntax error, if known. The rest of the message may quote a secret from the file. */
function positionOf(error: unknown): string {
  const [, line, column] = /\(line (\d+) column (\d+)\)$/.exec(String(error)) ?? [];
  return line === undefined ? '' : ` at line ${line}, column ${column}`;
}

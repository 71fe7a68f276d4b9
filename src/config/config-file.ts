import { isObject, parseInputJson } from '../json/parse-json.ts';
import { readTextFile } from '../runtime/read-text-file.ts';
import { DEFAULT_CONFIG_FILE, GATEWAY_SETTINGS } from './gateway-settings.ts';
import type { Sources } from './read-settings.ts';
import { unknownKeys } from './suggest.ts';

type ReadFile = Pick<Sources, 'keys'> & { readonly problems: readonly string[] };

/**
 * Reads the config file and checks its keys; `readSettings` checks their values.
 *
 * @param path that of `--config`; without it, the default file is read if it exists
 */
export function readConfigFile(path: string | undefined, readText = readTextFile): ReadFile {
  const name = path ?? DEFAULT_CONFIG_FILE;
  let content: unknown;
  try {
    content = parseInputJson(readText(name));
  } catch (error) {
    const { code } = Object(error);
    // The rest of the message may quote a secret from the file.
    const [, line, column] = /\(line (\d+) column (\d+)\)$/.exec(String(error)) ?? [];
    const position = line === undefined ? '' : ` at line ${line}, column ${column}`;
    if (code === undefined) return { problems: [`${name}: malformed JSON${position}`] };
    if (path === undefined && code === 'ENOENT') return { problems: [] };
    const where = path === undefined ? name : `--config: ${JSON.stringify(name)}`;
    return { problems: [`${where}: expected a readable file (${code})`] };
  }
  if (!isObject(content)) return { problems: [`${name}: expected an object, such as {"port": 4000}`] };
  const { $schema: _forEditors, ...values } = content;
  const problems = unknownKeys(values, GATEWAY_SETTINGS, 'key').map((problem) => `${name}: ${problem}`);
  return { keys: { prefix: `${name}: `, values }, problems };
}

import type { FileValues } from './read-settings.ts';
import type { SettingTable } from './settings.ts';

/** Read by the gateway if it is there, in the directory where it starts. */
export const DEFAULT_CONFIG_FILE = 'runs-gateway.config.json';

/** A config file that was read. */
export interface ConfigFile {
  /** How messages call it. */
  readonly name: string;
  readonly text: string;
}

/** Allowed besides the settings: editors find the JSON schema there. */
const SCHEMA_KEY = '$schema';

/** Takes the keys out of a config file. Their values are judged with the other settings. */
export function parseConfigFile(
  { name, text }: ConfigFile,
  table: SettingTable,
): { file: FileValues; problems: readonly string[] } {
  const broken = (problem: string) => ({ file: { name, values: new Map() }, problems: [problem] });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return broken(`${name}: expected JSON, but it is malformed${positionOf(error)}`);
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
    problems: unknown.map((key) => `${name}: ${key}: unknown; known keys: ${known.join(', ')}`),
  };
}

/** Where the mistake is, if that is known. The rest of the message may quote a secret of the file. */
function positionOf(error: unknown): string {
  const [, line, column] = /\(line (\d+) column (\d+)\)$/.exec(String(error)) ?? [];
  return line === undefined ? '' : ` at line ${line}, column ${column}`;
}

import { ConfigError } from '../config/config-error.ts';
import { type ConfigFile, DEFAULT_CONFIG_FILE } from '../config/config-file.ts';

/** Reads a whole file as text. @throws the errors of Node's `readFileSync` */
export type ReadText = (path: string) => string;

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

import { ConfigError } from '../config/config-error.ts';
import { type ConfigFile, DEFAULT_CONFIG_FILE } from '../config/config-file.ts';

/** Reads a whole file as text. @throws as Node's `readFileSync` */
export type ReadText = (path: string) => string;

/**
 * The config file: the one that `--config` names, else the usual one if it is there.
 *
 * @throws ConfigError if it can't be read
 */
export function findConfigFile(path: string | undefined, readText: ReadText): ConfigFile | undefined {
  const name = path ?? DEFAULT_CONFIG_FILE;
  try {
    return { name, text: readText(name) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (path === undefined && code === 'ENOENT') return undefined;
    const where = path === undefined ? name : `--config: ${JSON.stringify(name)}`;
    throw new ConfigError([`${where}: expected a file that can be read (${String(code)})`]);
  }
}

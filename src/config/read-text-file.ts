import { readFileSync, statSync } from 'node:fs';

/** As long as a config file, or a list of secrets, can be. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Reads a whole file as text. What may have no end, or none yet, such as a pipe, is refused: the file is read while the
 * gateway serves, and all requests would wait for it.
 *
 * @throws an error with a code
 */
export function readTextFile(path: string): string {
  const stats = statSync(path);
  const isEndless = stats.isFIFO() || stats.isCharacterDevice();
  if (!isEndless && stats.size <= MAX_BYTES) return readFileSync(path, 'utf8');
  const code = isEndless ? 'a pipe or a device' : `more than ${MAX_BYTES} bytes`;
  throw Object.assign(new Error(`${path} is ${code}`), { code });
}

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
  if (stats.isFIFO() || stats.isCharacterDevice()) throw refused(path, 'a pipe or a device');
  if (stats.size > MAX_BYTES) throw refused(path, `more than ${MAX_BYTES} bytes`);
  return readFileSync(path, 'utf8');
}

function refused(path: string, code: string): Error {
  return Object.assign(new Error(`${path} is ${code}`), { code });
}

import { readFileSync, statSync } from 'node:fs';
import { parseInputJson } from '../json/parse-json.ts';

/** As long as a file of settings, secrets or prices can be. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Reads a whole file as text. What may have no end, or none yet, such as a pipe, is refused: the file is read while the
 * gateway serves, and all requests would wait for it.
 *
 * @throws an error with a code
 */
export function readTextFile(path: string, maxBytes = MAX_BYTES): string {
  const stats = statSync(path);
  const isEndless = stats.isFIFO() || stats.isCharacterDevice();
  if (!isEndless && stats.size <= maxBytes) return readFileSync(path, 'utf8');
  const code = isEndless ? 'a pipe or a device' : `more than ${maxBytes} bytes`;
  throw Object.assign(new Error(`${path} is ${code}`), { code });
}

/** Reads a JSON file without secrets, which the problem may quote. @returns its content, or what is wrong with it */
export function readJsonFile(path: string, maxBytes?: number): { content?: unknown; problem?: string } {
  try {
    return { content: parseInputJson(readTextFile(path, maxBytes)) };
  } catch (error) {
    const { code } = Object(error);
    const isRead = code === undefined;
    return { problem: isRead ? `malformed JSON (${String(error)})` : `expected a readable file (${code})` };
  }
}

import { readFileSync } from 'node:fs';
import { parseInputJson } from '../json/parse-json.ts';

/** Reads a whole file as text. @throws an error with a code */
export function readTextFile(path: string): string {
  return readFileSync(path, 'utf8');
}

/** Reads a JSON file without secrets, which the problem may quote. @returns its content, or what is wrong with it */
export function readJsonFile(path: string): { content?: unknown; problem?: string } {
  try {
    return { content: parseInputJson(readTextFile(path)) };
  } catch (error) {
    const { code } = Object(error);
    const isRead = code === undefined;
    return { problem: isRead ? `malformed JSON (${String(error)})` : `expected a readable file (${code})` };
  }
}

import { type PythonValue, readPythonJson } from '../python-json.ts';
import { pythonRepr, pythonType } from '../python-repr.ts';
import { RowError } from '../row-error.ts';
import type { Read } from './models.ts';
import { unreadable } from './read-parts.ts';

/** Returns `str(value)` in Python. */
export function pythonStr(value: PythonValue): string {
  return typeof value === 'string' ? value : pythonRepr(value);
}

/** Reads a text that may be JSON; undefined if it isn't. */
function jsonIn(text: string): PythonValue | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  return readPythonJson(text);
}

/** Reads a text as a JSON object. @throws RowError for anything else */
export function objectIn(text: PythonValue): Read {
  const value = typeof text === 'string' ? jsonIn(text) : undefined;
  // Letta tries a second, more tolerant parser, whose own error it doesn't handle.
  if (typeof text !== 'string' || value === undefined) throw unreadable('expected JSON');
  if (value instanceof Map) return value;
  throw new RowError(
    'validate',
    `JSON from string input (${text}) is not a dictionary (type <class '${pythonType(value)}'>): ${pythonStr(value)}`,
  );
}

/** Takes the message out of a packed one of the type `user_message`; returns any other text as it is. */
export function unpackMessage(text: string): PythonValue {
  const packed = jsonIn(text);
  if (!(packed instanceof Map)) return text;
  const message: PythonValue | undefined = packed.get('message');
  return message === undefined || packed.get('type') !== 'user_message' ? text : message;
}

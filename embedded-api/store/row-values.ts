import type { SQLInputValue } from 'node:sqlite';
import { normalizeTimestamp, zonedStamp, zonelessStamp } from '../model/timestamps.ts';
import type { Kind } from './kinds.ts';

/** Of Letta's times only these have no zone. */
const ZONELESS = new Set(['completed_at', 'callback_sent_at']);
const ZONED = new Set(['created_at', 'updated_at', 'last_run_completion']);

const CONFIG_DEFAULTS = {
  use_assistant_message: true,
  assistant_message_tool_name: 'send_message',
  assistant_message_tool_kwarg: 'message',
  include_return_message_types: null,
};

/** Returns what a column holds. @throws RangeError for an invalid timestamp */
export function columnValue(name: string, value: unknown): SQLInputValue {
  if (value === null) return value;
  // Columns have no types: a number would be kept as a float.
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint')
    return BigInt(value);
  if (typeof value !== 'string') return JSON.stringify(value);
  return ZONED.has(name) ? normalizeTimestamp(value) : value;
}

/** Returns the text of a key's value on the wire; bigints keep all their digits. @throws RangeError, likewise */
export function wireText(name: string, value: unknown): string {
  if (value === null || typeof value === 'bigint') return String(value);
  if (typeof value === 'string' && ZONED.has(name)) return `"${zonedStamp(normalizeTimestamp(value))}"`;
  if (typeof value === 'string' && ZONELESS.has(name)) return `"${zonelessStamp(normalizeTimestamp(value))}"`;
  if (name !== 'request_config' || typeof value !== 'object') return JSON.stringify(value);
  const given = new Map(Object.entries(value));
  return JSON.stringify(
    Object.fromEntries(Object.entries(CONFIG_DEFAULTS).map(([key, own]) => [key, given.get(key) ?? own])),
  );
}

/** Returns a function that returns the values of a new row: those of its columns in their order, then the JSON. */
export function rowEncoder({ columns, keys }: Kind): (row: object) => SQLInputValue[] {
  const [columnNames, keyNames] = [Object.keys(columns), Object.keys(keys)];
  return (row) => {
    const given: Readonly<Record<string, unknown>> = { ...columns, ...keys, ...row };
    const entries = keyNames.map((name) => `"${name}":${wireText(name, given[name])}`);
    return [...columnNames.map((name) => columnValue(name, given[name])), `{${entries.join(',')}}`];
  };
}

import { JsonText } from './json-text.ts';

/**
 * A JSON column is text. If Letta sends that text unchanged, it begins with the value; otherwise with a space, and
 * is respelled whenever it is sent, because only then does Letta fail for what can't be sent.
 */
export function encodeJson(value: unknown): string {
  if (value instanceof JsonText) return ` ${value.text}`;
  const text = JSON.stringify(value);
  return needsRespelling(text) ? ` ${text}` : text;
}

export function isSentUnchanged(stored: string): boolean {
  return !stored.startsWith(' ');
}

/** Where Letta's spelling differs from `JSON.stringify`: long integers, floats below 1e-5, lone surrogates. */
const SPELLED_DIFFERENTLY = /\d{20}|0\.00000|\\u[^0]/;

/** Below the depth from which nesting makes Letta fail. */
const SURELY_SHALLOW = 200;

function needsRespelling(text: string): boolean {
  return SPELLED_DIFFERENTLY.test(text) || mayBeDeep(text) || text === 'null';
}

/** Counts all opening brackets, which is at least the depth. */
function mayBeDeep(text: string): boolean {
  return text.length > 2 * SURELY_SHALLOW && (text.match(/[[{]/g)?.length ?? 0) > SURELY_SHALLOW;
}

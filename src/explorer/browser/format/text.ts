import type { RunCountPrecision } from '../__generated__/graphql.ts';

/** A number as people read it; with a plus where it is at least that. */
export function number(value: number, precision?: RunCountPrecision): string {
  return value.toLocaleString('en-US') + (precision === 'AT_LEAST' ? '+' : '');
}

/** An enum value as words: `LLM_API_ERROR` is "LLM API error". */
export function words(value: string): string {
  const text = value.toLowerCase().replaceAll('_', ' ');
  const lower = text.replace(/\b(?:api|llm)\b/g, (acronym) => acronym.toUpperCase());
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

// oxlint-disable-next-line no-control-regex -- These are what is looked for.
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Spells out characters that can't be seen, such as those that turn the direction of text. */
export const visible = (text: string): string =>
  text.replaceAll('\r\n', '\n').replace(INVISIBLE, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });

/** The beginning of a text, on one line. */
export const brief = (text: string, length = 100): string =>
  visible(text.slice(0, length).replaceAll(/\s+/g, ' ')) + (text.length > length ? '…' : '');

/** The beginning of an id. */
export const shortId = (id: string): string => id.slice(0, 12);

/** What went wrong, as Letta stores it of runs and steps: a text, or an object that has one. */
export function errorText(error: unknown): string | undefined {
  const { detail, message } = Object(error);
  const text = typeof error === 'string' ? error : (detail ?? message);
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

/** A value as it is shown. */
interface Shown {
  readonly text: string;
  /** Whether the text is JSON, with each value on a line of its own. */
  readonly isJson: boolean;
}

/** A number of JSON with all of its digits. Types of TypeScript don't have the source of a value and `rawJSON` yet. */
const exactNumber = (...[, value, context]: readonly unknown[]): unknown =>
  typeof value === 'number' ? Object(JSON).rawJSON(Object(context).source) : value;

/** How to show any value; of a text, what it says if it is an object or a list in JSON. */
export function shown(value: unknown): Shown {
  try {
    // oxlint-disable-next-line no-restricted-properties -- It is only written again.
    const parsed: unknown = typeof value === 'string' ? JSON.parse(value, exactNumber) : value;
    if (typeof value !== 'string' || typeof parsed === 'object') {
      return { text: JSON.stringify(parsed, null, 2), isJson: true };
    }
  } catch {
    // No JSON, or deeper than the browser can follow.
  }
  const text = typeof value === 'string' ? value : 'This is nested too deeply. See the raw JSON.';
  return { text, isJson: false };
}

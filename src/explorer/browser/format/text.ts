import type { RunCountPrecision } from '../__generated__/graphql.ts';

/** A number with separators; with a plus if the count is a lower bound. */
export function number(value: number, precision?: RunCountPrecision): string {
  return value.toLocaleString('en-US') + (precision === 'AT_LEAST' ? '+' : '');
}

/** A sum in its currency; a lower bound if some steps have no price. */
export function costText(cost: { amount: number; currency: string; isComplete: boolean }): string {
  const { amount, currency, isComplete } = cost;
  return `${isComplete ? '' : 'at least '}${Number(amount.toPrecision(3))} ${currency}`;
}

/** An enum value as words: `LLM_API_ERROR` is "LLM API error". */
export function words(value: string): string {
  const text = value.toLowerCase().replaceAll('_', ' ');
  const lower = text.replace(/\b(?:api|llm)\b/g, (acronym) => acronym.toUpperCase());
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

// oxlint-disable-next-line no-control-regex -- It looks for control characters.
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Spells out invisible characters, such as those that reverse the direction of text. */
export const visible = (text: string): string =>
  text.replaceAll('\r\n', '\n').replace(INVISIBLE, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });

/** The beginning of a text, on one line. */
export const brief = (text: string, length = 100): string =>
  visible(text.slice(0, length).replaceAll(/\s+/g, ' ')) + (text.length > length ? '…' : '');

/** The beginning of an id. */
export const shortId = (id: string): string => id.slice(0, 12);

/** Keeps all digits of a JSON number. TypeScript's types lack the source of a value and `rawJSON`. */
export const exactNumber = (...[, value, context]: readonly unknown[]): unknown =>
  typeof value === 'number' ? Object(JSON).rawJSON(Object(context).source) : value;

/** Returns any value as text, and whether that is JSON: of an object or a list, indented, also if the value is its JSON. */
export function displayText(value: unknown) {
  try {
    // oxlint-disable-next-line no-restricted-properties -- The value is only written again.
    const parsed: unknown = typeof value === 'string' ? JSON.parse(value, exactNumber) : value;
    if (typeof value !== 'string' || typeof parsed === 'object') {
      return { text: JSON.stringify(parsed, null, 2), isJson: true };
    }
  } catch {
    // No JSON, or nested more deeply than the browser can parse.
  }
  const text = typeof value === 'string' ? value : 'This is nested too deeply. See the raw JSON.';
  return { text, isJson: false };
}

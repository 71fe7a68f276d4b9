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

import { displayText, number, visible } from '../format/text.ts';
import { useMemo, useState } from '../preact.ts';

interface LongTextProps {
  readonly value: unknown;
  /** The number of characters that are shown at first. */
  readonly first?: number;
}

/** The number of characters that each click adds. */
const MORE = 100_000;

/** Any value as a text: cut at a length, with invisible characters spelled out. */
export function LongText({ value, first = 1500 }: LongTextProps) {
  const [length, setLength] = useState(first);
  const { text, isJson } = useMemo(() => displayText(value), [value]);
  const rest = text.length - length;
  return (
    <div class="long-text">
      <pre class={isJson ? 'json' : 'prose'} dir="auto">
        {visible(text.slice(0, length))}
        {rest > 0 ? '…' : ''}
      </pre>
      {rest > 0 && (
        <button type="button" class="quiet" onClick={() => setLength(length + MORE)}>
          {rest > MORE ? `Show ${number(MORE)} more` : 'Show all'} of {` ${number(text.length)}`} characters
        </button>
      )}
    </div>
  );
}

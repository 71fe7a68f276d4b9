import { html, useMemo, useState } from '../dom.ts';
import { number, shown, visible } from '../format/text.ts';

interface Props {
  readonly value: unknown;
  /** How many characters are shown at first. */
  readonly first?: number;
}

/** How many more characters are shown with each click. */
const MORE = 100_000;

/** What anybody may have written, of any length: as a text, bounded, and with what can't be seen. */
export function LongText({ value, first = 1500 }: Props) {
  const [length, setLength] = useState(first);
  const { text, isJson } = useMemo(() => shown(value), [value]);
  const rest = text.length - length;
  return html`<div class="long-text">
    <pre class=${isJson ? 'json' : 'prose'} dir="auto">
${visible(text.slice(0, length))}${rest > 0 ? '…' : ''}</pre>
    ${
      rest > 0 &&
      html`<button type="button" class="quiet" onClick=${() => setLength(length + MORE)}>
        ${rest > MORE ? `Show ${number(MORE)} more` : 'Show all'} of ${` ${number(text.length)}`} characters
      </button>`
    }
  </div>`;
}

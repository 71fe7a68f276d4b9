import { displayText, number, visible } from '../format/text.ts';
import { type ComponentChildren, html, useMemo, useState } from '../preact.ts';

interface FoldProps {
  readonly title: ComponentChildren;
  /** Whether the content is unfolded at first. */
  readonly isOpen?: boolean;
  readonly class?: string;
  readonly children?: ComponentChildren;
}

/** A title, with content that a click unfolds. */
export function Fold({ title, isOpen = false, class: name = '', children }: FoldProps) {
  return html`<details class=${`fold ${name}`} open=${isOpen}>
    <summary>${title}</summary>
    <div class="folded">${children}</div>
  </details>`;
}

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

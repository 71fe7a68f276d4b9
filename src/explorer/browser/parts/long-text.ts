import { html, useState } from '../dom.ts';
import { indented, jsonOf } from '../format/json.ts';
import { number, visible } from '../format/text.ts';

/** Characters that are shown at first, and with each click from then on. */
const FIRST = 1500;
const MORE = 100_000;

interface Props {
  readonly text: string;
  readonly isJson?: boolean;
  readonly first?: number;
}

/** A text of a run, which anybody may have written, of any length: as a text, bounded, and with what can't be seen. */
export function LongText({ text, isJson = false, first = FIRST }: Props) {
  const [length, setLength] = useState(first);
  const rest = text.length - length;
  const part = rest > 0 ? text.slice(0, length) : text;
  return html`<div class="long-text">
    <pre class=${isJson ? 'json' : 'prose'} dir="auto">
${visible(isJson ? indented(part) : part)}${rest > 0 ? '…' : ''}</pre>
    ${
      rest > 0 &&
      html`<button type="button" class="quiet" onClick=${() => setLength(length + MORE)}>
        ${rest > MORE ? `Show ${number(MORE)} more` : 'Show all'} of ${` ${number(text.length)}`} characters
      </button>`
    }
  </div>`;
}

/** A value of any kind. */
export function Json({ value }: { readonly value: unknown }) {
  return typeof value === 'string'
    ? html`<${LongText} text=${value} />`
    : html`<${LongText} isJson text=${jsonOf(value)} />`;
}

/** A text that may or may not be JSON, such as the arguments of a tool. */
export function MaybeJson({ text }: { readonly text: string }) {
  return html`<${LongText} isJson=${/^\s*[{[]/.test(text)} text=${text} />`;
}

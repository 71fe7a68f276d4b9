// Texts of runs. Anybody may have written them, and they may be of any length: they are shown as texts, bounded, and
// what would change the order of characters around them is spelled out.

import { html, useState } from '../../dom.js';
import { visible } from '../../format.js';

/** Characters that are shown at first, and with each click from then on. */
const FIRST = 1500;
const MORE = 100_000;
const MAX_INDENT = 20;
const TOKEN = /"[^"\\]*(?:\\[^][^"\\]*)*"|"[^]*$|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * Puts each value of a JSON text on a line of its own. Nothing else of it changes: it need not be whole, and its
 * numbers may have any number of digits.
 *
 * @param {string} json
 */
export function indented(json) {
  let depth = 0;
  let last = '';
  let result = '';
  for (const [token] of json.matchAll(TOKEN)) {
    const closes = token === '}' || token === ']';
    if (closes) depth -= 1;
    const isEmpty = closes && (last === '{' || last === '[');
    if (!isEmpty && (closes || ['{', '[', ','].includes(last))) {
      result += `\n${'  '.repeat(Math.max(0, Math.min(depth, MAX_INDENT)))}`;
    }
    result += token === ':' ? ': ' : token;
    if (token === '{' || token === '[') depth += 1;
    last = token;
  }
  return result;
}

/** @param {unknown} value */
export function jsonOf(value) {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // Deeper than the browser can follow.
    return 'This value is too deep to be shown here. See the raw JSON.';
  }
}

/**
 * A text of any length.
 *
 * @param {{ text: string, isJson?: boolean, first?: number }} props
 */
export function LongText({ text, isJson = false, first = FIRST }) {
  const [length, setLength] = useState(first);
  const rest = text.length - length;
  const part = rest > 0 ? text.slice(0, length) : text;
  return html`<div class="long-text">
    <pre class=${isJson ? 'json' : 'prose'} dir="auto">
${visible(isJson ? indented(part) : part)}${rest > 0 ? '…' : ''}</pre>
    ${
      rest > 0 &&
      html`<button type="button" class="quiet" onClick=${() => setLength(length + MORE)}>
        ${rest > MORE ? `Show ${MORE.toLocaleString('en-US')} more` : 'Show all'} of
        ${` ${text.length.toLocaleString('en-US')}`} characters
      </button>`
    }
  </div>`;
}

/** A value of any kind. @param {{ value: unknown }} props */
export function Json({ value }) {
  return typeof value === 'string'
    ? html`<${LongText} text=${value} />`
    : html`<${LongText} isJson text=${jsonOf(value)} />`;
}

/** A text that may or may not be JSON, such as the arguments of a tool. @param {{ text: string }} props */
export function MaybeJson({ text }) {
  return html`<${LongText} isJson=${/^\s*[{[]/.test(text)} text=${text} />`;
}

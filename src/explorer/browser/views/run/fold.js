// Parts of the page of a run.

import { html, useState } from '../../dom.js';

/**
 * What is folded at first. Its contents are made when it is opened.
 *
 * @param {{ title: any, isOpen?: boolean, class?: string, children?: any }} props
 */
export function Fold({ title, isOpen = false, class: name = '', children }) {
  const [open, setOpen] = useState(isOpen);
  const onToggle = (/** @type {any} */ { currentTarget }) => setOpen(currentTarget.open);
  return html`<details class=${`fold ${name}`} open=${open} onToggle=${onToggle}>
    <summary>${title}</summary>
    ${open && html`<div class="folded">${children}</div>`}
  </details>`;
}

/**
 * Values with their names; without those that are empty.
 *
 * @param {{ of: readonly (readonly [name: string, value: any])[] }} props
 */
export function Definitions({ of }) {
  const items = of.filter(([, value]) => value);
  return html`<dl>
    ${items.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/**
 * Goes to a step, and opens it. Not as other links do: the history is that of the pages.
 *
 * @param {{ number: number }} props counted from 1
 */
export function StepLink({ number }) {
  const go = (/** @type {MouseEvent} */ event) => {
    event.preventDefault();
    const step = document.querySelector(`#step-${number} details`);
    if (!(step instanceof HTMLDetailsElement)) return;
    step.open = true;
    step.querySelector('summary')?.focus();
    step.scrollIntoView({ block: 'center' });
  };
  return html`<a href=${`#step-${number}`} onClick=${go}>step ${number}</a>`;
}

// What is folded at first. Its contents are made when it is opened.

import { html, useState } from '../../dom.js';

/** @param {{ title: any, isOpen?: boolean, class?: string, children?: any }} props */
export function Fold({ title, isOpen = false, class: name = '', children }) {
  const [open, setOpen] = useState(isOpen);
  const onToggle = (/** @type {any} */ { currentTarget }) => setOpen(currentTarget.open);
  return html`<details class=${`fold ${name}`} open=${open} onToggle=${onToggle}>
    <summary>${title}</summary>
    ${open && html`<div class="folded">${children}</div>`}
  </details>`;
}

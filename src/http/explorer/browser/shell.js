// What all views have: the header, and what is said of the connection.

import { html } from './dom.js';
import { hrefOf } from './router.js';

/** @param {{ children?: any }} props */
export function Shell({ children }) {
  return html`<header class="shell"><a data-inside href=${hrefOf('')}>Runs</a></header>
    <main>${children}</main>`;
}

// The page of one run, at `runs/<id>`.

import { html } from '../dom.js';

/** @param {{ id: string }} props */
export function RunView({ id }) {
  return html`<p><a data-inside href="../">Runs</a> ${id}</p>`;
}

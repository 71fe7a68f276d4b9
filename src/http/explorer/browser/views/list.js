// The page of runs, at the root.

import { html } from '../dom.js';

export function ListView() {
  return html`<p>Runs</p>`;
}

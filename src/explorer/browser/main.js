// The explorer: a page of runs, and one of each run.
//
// How to add a view: write `views/<name>.js`, which exports a component, and give it a path in `ViewOf` below. A view
// reads from the gateway by `api.js` with documents of `../documents/*.graphql` (list new ones in `documents.d.ts`),
// is made of `html` from `dom.js` and the parts in `widgets.js`, and links by `<a data-inside href=${hrefOf('…')}>`.
// Colors, sizes and the looks of what several views have are in `styles.css`; a view may have a style sheet of its own,
// `views/<name>.css`, which explorer.html links.

import { askForToken, options } from './api.js';
import { html, render } from './dom.js';
import { followLinks, place, runIdIn } from './router.js';
import { Shell } from './shell.js';
import { useStore } from './store.js';
import { ListView } from './views/list.js';
import { RunView } from './views/run.js';

function App() {
  const { path } = useStore(place);
  const id = runIdIn(path);
  return html`<${Shell}>
    ${id === undefined ? html`<${ListView} />` : html`<${RunView} key=${id} id=${id} />`}
  <//>`;
}

if (options.requiresToken) await askForToken();
followLinks();
const root = document.querySelector('#app');
if (root !== null) render(html`<${App} />`, root);

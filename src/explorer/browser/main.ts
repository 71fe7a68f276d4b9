import { askForToken } from './gateway/token-form.ts';
import { ListPage } from './list/list-page.ts';
import { options } from './page-options.ts';
import { html, render } from './preact.ts';
import { followLinks, place, runIdIn } from './router.ts';
import { RunPage } from './run/run-page.ts';
import { Shell } from './shell.ts';
import { useStore } from './store.ts';

/** The explorer: a page of runs at the root, and a page for each run. */
function App() {
  const id = useStore(place, ({ path }) => runIdIn(path));
  return html`<${Shell}>
    ${id === undefined ? html`<${ListPage} />` : html`<${RunPage} key=${id} id=${id} />`}
  <//>`;
}

if (options.requiresToken) await askForToken();
followLinks();
const root = document.querySelector('#app');
if (root !== null) render(html`<${App} />`, root);

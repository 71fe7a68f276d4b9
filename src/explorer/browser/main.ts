import { html, render } from './dom.ts';
import { options } from './gateway/request.ts';
import { askForToken } from './gateway/token-form.ts';
import { ListPage } from './list/list-page.ts';
import { followLinks, place, runIdIn } from './router.ts';
import { RunPage } from './run/run-page.ts';
import { Shell } from './shell.ts';
import { useStore } from './store.ts';

/** The explorer: a page of runs at the root, and one of each run. A new page is a component with a path of its own. */
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

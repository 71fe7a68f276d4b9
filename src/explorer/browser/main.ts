import { AgentPage } from './conversations/agent-page.ts';
import { ConversationPage } from './conversations/conversation-page.ts';
import { askForToken } from './gateway/token-form.ts';
import { ListPage } from './list/list-page.ts';
import { options } from './page-options.ts';
import { html, render } from './preact.ts';
import { followLinks, pageAt, place } from './router.ts';
import { RunPage } from './run/run-page.ts';
import { Shell } from './shell.ts';
import { useStore } from './store.ts';

/** The pages below the root, by the beginnings of their paths. */
const PAGES = new Map(Object.entries({ runs: RunPage, agents: AgentPage, conversations: ConversationPage }));

/** The explorer: a page of runs at the root, and a page for each run, agent and conversation. */
function App() {
  const path = useStore(place, (current) => current.path);
  const [kind = '', id] = pageAt(path);
  const page = PAGES.get(kind);
  return html`<${Shell}>${page ? html`<${page} key=${path} id=${id} />` : html`<${ListPage} />`}<//>`;
}

if (options.requiresToken) await askForToken();
followLinks();
const root = document.querySelector('#app');
if (root !== null) render(html`<${App} />`, root);

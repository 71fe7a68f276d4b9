import { AgentPage } from './conversations/agent-page.tsx';
import { ConversationListPage } from './conversations/conversation-list-page.tsx';
import { ConversationPage } from './conversations/conversation-page.tsx';
import { askForToken } from './gateway/token-form.ts';
import { ListPage } from './list/list-page.tsx';
import { options } from './page-options.ts';
import { render } from './preact.ts';
import { followLinks, pageAt, place } from './router.ts';
import { RunPage } from './run/run-page.tsx';
import { Shell } from './shell.tsx';
import { useStore } from './store.ts';

/** The pages below the root, by the beginnings of their paths. */
const PAGES = new Map(
  Object.entries({
    runs: RunPage,
    agents: AgentPage,
    conversations: ConversationPage,
    'list of conversations': ConversationListPage,
  }),
);

/** The explorer: a page of runs at the root, and a page for each run, agent and conversation. */
function App() {
  const path = useStore(place, (current) => current.path);
  const [kind = '', id] = pageAt(path);
  const Page = PAGES.get(kind);
  return <Shell>{Page ? <Page key={path} id={id} /> : <ListPage />}</Shell>;
}

if (options.requiresToken) await askForToken();
followLinks();
const root = document.querySelector('#app');
if (root !== null) render(<App />, root);

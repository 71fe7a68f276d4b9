import { ApiError } from '../../../client/api-error.ts';
import type { ExplorerConversationsQuery } from '../__generated__/graphql.ts';
import { ErrorState } from '../components/error-state.tsx';
import { linkTo } from '../components/link.tsx';
import { StateLabel, Time } from '../components/run-labels.tsx';
import { CONVERSATIONS } from '../documents/conversations.ts';
import { brief } from '../format/text.ts';
import { usePolled } from '../gateway/connection.ts';
import { query } from '../gateway/query.ts';
import { useEffect, useState } from '../preact.ts';
import { hrefOf } from '../router.ts';
import { BackToList } from '../run/neighbors.tsx';
import { useAgentName } from '../runs/agent-names.ts';
import { pending, watchPending } from '../runs/pending.ts';
import { useStore } from '../store.ts';
import { titleOf } from './conversation-page.tsx';

/** Milliseconds until the list is read again. */
const REFRESH_MS = 15_000;

/** The conversations of an agent: the default one, then those that were active last. */
export function AgentPage({ id }: { readonly id: string }) {
  const [page, setPage] = useState<ExplorerConversationsQuery['conversations']>(null);
  const [isMissing, setMissing] = useState(false);
  const [error, setError] = useState<ApiError>();
  const name = useAgentName(id);
  const waiting = useStore(pending, ({ runs }) => runs);
  const retry = usePolled(async (_round, signal) => {
    const { data, errors } = await query(CONVERSATIONS, { agentId: id }, signal);
    const [failure] = errors;
    if (data.conversations === null && failure !== undefined) throw new ApiError(failure);
    setPage(data.conversations);
    setMissing(data.agent === null && !errors.some(({ path }) => path?.[0] === 'agent'));
    setError(undefined);
    return REFRESH_MS;
  }, setError);
  useEffect(() => watchPending({ agent: [id] }), [id]);
  useEffect(() => void (document.title = `${name}: conversations`), [name]);
  const byDefault = { id: `default-${id}`, summary: null, lastMessageAt: null };
  const waits = new Set(waiting?.map(({ conversationId }) => conversationId ?? byDefault.id));

  return (
    <article class="run">
      <BackToList />
      <header class="run-head line">
        <h1>{name}</h1>
        <code class="muted">{brief(id)}</code>
        <div class="actions">{linkTo(`?agent=${id}`, 'Runs of this agent')}</div>
      </header>
      {error && <ErrorState error={error} onRetry={retry} />}
      {isMissing && (
        <p class="empty" role="alert">
          There is no such agent: it was deleted, or you can’t see it.
        </p>
      )}
      <section class="part">
        <h2>Conversations</h2>
        <ul class="options card">
          {[byDefault, ...(page?.nodes ?? [])].map((each) => (
            <li key={each.id}>
              <a href={hrefOf(`conversations/${each.id}`)}>
                <span class="line">
                  {titleOf(each)}
                  {waits.has(each.id) && <StateLabel state="WAITING" rawStatus={null} />}
                </span>
                {each.lastMessageAt && <Time at={each.lastMessageAt} />}
              </a>
            </li>
          ))}
        </ul>
        <p class="muted">{page?.pageInfo.hasNextPage && 'These are the 100 that were active last.'}</p>
      </section>
    </article>
  );
}

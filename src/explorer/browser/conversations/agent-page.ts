import { ErrorState } from '../components/error-state.ts';
import { StateLabel, Time } from '../components/run-labels.ts';
import { CONVERSATIONS, type ListedConversation } from '../documents/conversations.ts';
import { brief, shortId } from '../format/text.ts';
import { ApiError, asApiError } from '../gateway/api-error.ts';
import { query } from '../gateway/query.ts';
import { html, useEffect, useState } from '../preact.ts';
import { hrefOf } from '../router.ts';
import { linkTo } from '../run/facts.ts';
import { BackToList } from '../run/neighbors.ts';
import { storeAgentNames, useAgentName } from '../runs/agent-names.ts';
import { pending, watchPending } from '../runs/pending.ts';
import { stateOf } from '../runs/states.ts';
import { useStore } from '../store.ts';
import { titleOf } from './conversation-page.ts';
import { usePolled } from './use-polled.ts';

interface List {
  readonly conversations: readonly ListedConversation[];
  /** The cursor after which more follow. */
  readonly end: string | null;
}

/** Milliseconds until the first page is read again. */
const REFRESH_MS = 60_000;
const COLUMNS = ['Last run', 'Conversation', 'Failure', 'Last message'];

/** The conversations of an agent, those that were active last first. */
export function AgentPage({ id }: { readonly id: string }) {
  const name = useAgentName(id);
  const [list, setList] = useState<List>();
  const [moreError, setMoreError] = useState<ApiError>();
  const read = async (after: string | null, signal?: AbortSignal): Promise<number> => {
    const { data, errors } = await query(CONVERSATIONS, { agentId: id, after }, signal);
    const { agent, conversations: page } = data;
    if (!page) throw new ApiError(errors[0] ?? { message: 'The gateway has no answer.' });
    storeAgentNames([[id, agent?.name ?? null]]);
    const { defaultConversation: first } = agent ?? {};
    const nodes = [...(first && first.runs?.nodes.length !== 0 ? [first] : []), ...page.nodes];
    const end = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    setMoreError(undefined);
    setList((old) => {
      const others = (old?.conversations ?? []).filter((each) => nodes.every((node) => node.id !== each.id));
      return after === null
        ? { conversations: [...nodes, ...others], end: old ? old.end : end }
        : { conversations: [...others, ...nodes], end };
    });
    return REFRESH_MS;
  };
  const [error, retry] = usePolled((_round, signal) => read(null, signal));
  useEffect(() => watchPending({ agent: [id] }), [id]);
  useEffect(() => void (document.title = `${name}: conversations`), [name]);
  const more = (): void =>
    void read(list?.end ?? null).catch((caught: unknown) => setMoreError(asApiError(caught)));
  return html`<article class="run">
    <nav class="line" aria-label="Runs"><${BackToList} /></nav>
    <header class="run-head line">
      <h1>${name}</h1>
      <code class="muted">${brief(id)}</code>
      <div class="actions">${linkTo(`?agent=${id}`, 'Runs of this agent')}</div>
    </header>
    ${error && html`<${ErrorState} error=${error} onRetry=${retry} />`}
    <div role="table" class="conversations card" aria-label="Conversations, the last active first">
      <div role="rowgroup">
        <div role="row" class="row head">
          ${COLUMNS.map((column) => html`<div role="columnheader">${column}</div>`)}
        </div>
      </div>
      <div role="rowgroup" class="body">
        ${list?.conversations.map((each) => html`<${ConversationRow} key=${each.id} conversation=${each} />`)}
      </div>
    </div>
    <p class="footer line muted" role="status">
      ${moreError ? moreError.message : list ? list.conversations.length === 0 && 'No conversations.' : !error && 'Loading…'}
      ${list?.end && html`<button type="button" class="small" onClick=${more}>Load more</button>`}
    </p>
  </article>`;
}

function ConversationRow({ conversation }: { readonly conversation: ListedConversation }) {
  const { id, lastMessageAt, runs } = conversation;
  const run = runs?.nodes[0];
  const isWaiting = useStore(
    pending,
    (current) =>
      current.runs?.some(({ agentId, conversationId }) => (conversationId ?? `default-${agentId}`) === id) ===
      true,
  );
  const state = isWaiting ? 'WAITING' : run && stateOf(run);
  const at = lastMessageAt ?? run?.createdAt;
  const failure = brief(run?.failure?.message ?? '', 300);
  return html`<div role="row" class="row" data-state=${state}>
    <div role="cell" class="status">
      ${state && html`<${StateLabel} state=${state} rawStatus=${run?.rawStatus ?? null} />`}
    </div>
    <div role="cell" class="agent">
      <a href=${hrefOf(`conversations/${id}`)}>${titleOf(conversation)}</a>
      <code>${shortId(id)}</code>
    </div>
    <div role="cell" class="reason" title=${failure}>${failure}</div>
    <div role="cell" class="created">${at && html`<${Time} at=${at} />`}</div>
  </div>`;
}

import { ApiError } from '../../../client/api-error.ts';
import type { ExplorerConversationListQuery } from '../__generated__/graphql.ts';
import { ErrorState } from '../components/error-state.tsx';
import { linkTo } from '../components/link.tsx';
import { StateLabel, Time } from '../components/run-labels.tsx';
import { CONVERSATION_LIST } from '../documents/conversations.ts';
import { number } from '../format/text.ts';
import { usePolled } from '../gateway/connection.ts';
import { query } from '../gateway/query.ts';
import { textOf, useEffect, useState } from '../preact.ts';
import { hrefOf, navigate, place } from '../router.ts';
import { BackToList } from '../run/neighbors.tsx';
import { useAgentName } from '../runs/agent-names.ts';
import { pending, watchPending } from '../runs/pending.ts';
import { useStore } from '../store.ts';
import { titleOf } from './conversation-page.tsx';

/** Milliseconds until the list is read again, with the thousand runs that are counted. */
const REFRESH_MS = 60_000;
const MORE_ROWS = 50;
const MAX_ROWS = 1000;

type Listed = NonNullable<ExplorerConversationListQuery['conversations']>['nodes'][number];

interface Counted {
  readonly runs: number;
  readonly failed: number;
}

/** The list of conversations, those that were active last first, of an agent or with a text in their summaries. */
export function ConversationListPage() {
  const search = useStore(place, (current) => current.search);
  return <ConversationList key={search} search={search} />;
}

function ConversationList({ search }: { readonly search: string }) {
  const parameters = new URLSearchParams(search);
  const [agentId, text] = [parameters.get('agent') ?? undefined, parameters.get('search') ?? undefined];
  const [first, setFirst] = useState(MORE_ROWS);
  const [data, setData] = useState<ExplorerConversationListQuery>();
  const [error, setError] = useState<ApiError>();
  const waiting = useStore(pending, ({ runs }) => runs);
  const agentName = useAgentName(agentId ?? '');
  const retry = usePolled(async (_round, signal) => {
    const result = await query(CONVERSATION_LIST, { agentId, search: text, first }, signal);
    const [failure] = result.errors;
    if (result.data.conversations === null && failure !== undefined) throw new ApiError(failure);
    setData(result.data);
    setError(undefined);
    return REFRESH_MS;
  }, setError);
  useEffect(() => (first > MORE_ROWS ? retry() : undefined), [first]);
  useEffect(() => watchPending(agentId === undefined ? {} : { agent: [agentId] }), [agentId]);
  useEffect(() => void (document.title = 'Conversations'), []);
  const { nodes = [], pageInfo } = data?.conversations ?? {};
  const counts = countsIn(data?.runs?.nodes ?? []);
  const precision = data?.runs?.pageInfo.hasNextPage === true ? 'AT_LEAST' : 'EXACT';
  const waits = new Set(waiting?.map(({ conversationId }) => conversationId));
  const onSubmit = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }): void => {
    event.preventDefault();
    const next = Object.entries({ agent: agentId, search: textOf(event.currentTarget, 'search') });
    navigate(
      `conversations?${new URLSearchParams(next.flatMap(([name, value]) => (value ? [[name, value]] : [])))}`,
    );
  };
  return (
    <article class="run">
      <BackToList />
      <header class="run-head line">
        <h1>Conversations</h1>
        {agentId && <span class="muted">of {linkTo(`agents/${agentId}`, agentName)}</span>}
        {(agentId || text) && <a href={hrefOf('conversations')}>All conversations</a>}
      </header>
      <form class="line" onSubmit={onSubmit}>
        <input
          type="search"
          name="search"
          placeholder="Search summaries; case matters"
          aria-label="Search summaries; case matters"
          defaultValue={text ?? ''}
          maxlength={200}
        />
        <button>Search</button>
      </form>
      {error && <ErrorState error={error} onRetry={retry} />}
      <ul class="options card">
        {nodes.map((each) => (
          <Row
            key={each.id}
            of={each}
            counted={counts.get(each.id)}
            precision={precision}
            isWaiting={waits.has(each.id)}
          />
        ))}
      </ul>
      <p class="muted line" role="status">
        {data === undefined && !error && 'Loading…'}
        {data && nodes.length === 0 && 'No conversation matches.'}
        {pageInfo?.hasNextPage && first < MAX_ROWS && (
          <button type="button" onClick={() => setFirst(Math.min(MAX_ROWS, first + MORE_ROWS))}>
            Show more
          </button>
        )}
      </p>
    </article>
  );
}

interface RowProps {
  readonly of: Listed;
  readonly counted: Counted | undefined;
  readonly precision: 'EXACT' | 'AT_LEAST';
  readonly isWaiting: boolean;
}

function Row({ of, counted = { runs: 0, failed: 0 }, precision, isWaiting }: RowProps) {
  const name = useAgentName(of.agentId);
  const { runs, failed } = counted;
  return (
    <li>
      <a href={hrefOf(`conversations/${of.id}`)}>
        <span class="line">
          {titleOf(of)}
          {isWaiting && <StateLabel state="WAITING" rawStatus={null} />}
        </span>
        <span class="muted line">
          {name}
          <span>
            {number(runs, precision)} {runs === 1 && precision === 'EXACT' ? 'run' : 'runs'}
            {failed > 0 && `, ${number(failed, precision)} failed`}
          </span>
          {of.lastMessageAt && <Time at={of.lastMessageAt} />}
        </span>
      </a>
    </li>
  );
}

/** Counts the runs of each conversation. */
function countsIn(
  runs: NonNullable<ExplorerConversationListQuery['runs']>['nodes'],
): ReadonlyMap<string, Counted> {
  const counts = new Map<string, Counted>();
  for (const { conversationId, outcome } of runs) {
    if (conversationId === null) continue;
    const { runs: all, failed } = counts.get(conversationId) ?? { runs: 0, failed: 0 };
    counts.set(conversationId, { runs: all + 1, failed: failed + Number(outcome === 'FAILED') });
  }
  return counts;
}

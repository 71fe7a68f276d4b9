import type { ExplorerConversationQueryVariables } from '../__generated__/graphql.ts';
import { ErrorState } from '../components/error-state.ts';
import { RunLink, StateLabel, Time, Took } from '../components/run-labels.ts';
import { CONVERSATION, type Conversation } from '../documents/conversations.ts';
import type { Message } from '../documents/run.ts';
import { brief, number } from '../format/text.ts';
import { shortTime } from '../format/time.ts';
import { type AnswerError, ApiError, asApiError } from '../gateway/api-error.ts';
import { query } from '../gateway/query.ts';
import { type ComponentChildren, html, useEffect, useLayoutEffect, useMemo, useState } from '../preact.ts';
import { Conversation as Messages } from '../run/conversation.ts';
import { costText, Definitions, linkTo } from '../run/facts.ts';
import { BackToList } from '../run/neighbors.ts';
import { PausePanel } from '../run/pause-panel.ts';
import { Part } from '../run/run-page.ts';
import { type Items, joined } from '../run/run-store.ts';
import { isActive, stateOf } from '../runs/states.ts';
import { type Turn, type TurnRun, turnsOf } from './turns.ts';
import { usePolled } from './use-polled.ts';

interface State {
  /** Undefined until it is read, null if there is none. */
  readonly conversation?: Conversation | null;
  /** Those that were read, by id. */
  readonly runs: ReadonlyMap<string, TurnRun>;
  readonly messages?: Items<Message> | undefined;
  /** The errors of single fields. */
  readonly errors: readonly AnswerError[];
}

/** Which runs and messages to read. */
type Pages = Omit<ExplorerConversationQueryVariables, 'id' | 'messagesBefore'>;

/** What is read again between two readings of everything, of which there is one in so many. */
const NEWEST = { runs: 10, messages: 50, withStats: false };
const ALL_AFTER = 20;
/** Milliseconds until it is read again while one of its runs goes on, and else. */
const REFRESH_MS = { active: 3000, idle: 15_000 };
const NO_STEPS: readonly never[] = [];

/** What a conversation is called. */
export const titleOf = ({ id, summary }: Pick<Conversation, 'id' | 'summary'>): string =>
  brief(summary || (isDefault(id) ? 'Default conversation' : 'Conversation without a summary'), 200);
const isDefault = (id: string): boolean => id.startsWith('default-');

/** The page of one conversation, which is followed while it is shown. */
export function ConversationPage({ id }: { readonly id: string }) {
  const [state, setState] = useState<State>({ runs: new Map(), errors: [] });
  const { conversation, runs, messages, errors } = state;
  const read = async (pages: Pages, before?: string | null, signal?: AbortSignal): Promise<number> => {
    const variables = { id, ...pages, messagesBefore: before };
    const { data, errors: found } = await query(CONVERSATION, variables, signal);
    const { conversation: part } = data;
    const error = found.find(({ path = [] }) => path.length < 2);
    if (part === null && error !== undefined) throw new ApiError(error);
    const nodes = part?.runs?.nodes ?? [];
    setState((old) => ({
      // Statistics that weren't read again stay.
      conversation: part && { ...old.conversation, ...part },
      runs: new Map([...old.runs, ...nodes.map((run) => [run.id, run] as const)]),
      messages: joined(old.messages, part?.messages, before),
      errors: found,
    }));
    return REFRESH_MS[nodes.some(isActive) ? 'active' : 'idle'];
  };
  const [error, retry] = usePolled((round, signal) =>
    read(round % ALL_AFTER === 0 ? {} : NEWEST, undefined, signal),
  );
  const load = async ({ messagesBefore }: { readonly messagesBefore?: string | null }): Promise<void> => {
    const [oldest] = [...runs.values()].toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
    const pages = messagesBefore ? { runsAfter: oldest?.id, withStats: false } : NEWEST;
    await read(pages, messagesBefore).catch((caught: unknown) =>
      setState((old) => ({ ...old, errors: [asApiError(caught)] })),
    );
  };
  const turns = useMemo(() => messages && turnsOf(runs, messages), [runs, messages]);
  const title = conversation ? titleOf(conversation) : 'Conversation';
  useEffect(() => void (document.title = title), [title]);
  // A link from a run names its turn.
  useLayoutEffect(
    () => document.getElementById(location.hash.slice(1))?.scrollIntoView(),
    [turns === undefined],
  );
  const waiting = conversation?.pendingApproval;

  return html`<article class="run">
    <nav class="line" aria-label="Runs"><${BackToList} /></nav>
    <header class="run-head line">
      <h1>${title}</h1>
      <code class="muted">${brief(id)}</code>
    </header>
    ${error && html`<${ErrorState} error=${error} onRetry=${retry} />`}
    ${
      conversation === null &&
      html`<div class="empty" role="alert">
        <h2>This conversation does not exist</h2>
        <p>It was deleted, or you can’t see it. Its runs keep its id.</p>
      </div>`
    }
    ${conversation === undefined && !error && html`<p class="muted" aria-busy="true">Loading…</p>`}
    ${errors.map(
      ({ message, path }) =>
        path?.[1] !== 'messages' && html`<p class="bad">Not all of it could be read: ${message}</p>`,
    )}
    ${waiting && html`<${PausePanel} key=${waiting.id} run=${waiting} errors=${errors} reload=${() => void load({})} />`}
    ${
      conversation &&
      html`<div class="columns">
        <${Facts} of=${conversation} />
        <div>
          <${Part} title="Messages" name="messages" items=${messages} errors=${errors} load=${load}>
            ${turns?.map((turn) => html`<${TurnSection} key=${turn.id} ...${turn} />`)}
          <//>
        </div>
      </div>`
    }
  </article>`;
}

function Facts({ of: { id, agentId, agent, createdAt, lastMessageAt, runStats } }: { of: Conversation }) {
  const { count, failed, tokens, cost } = runStats ?? {};
  const runsText = count && number(count.value, count.precision);
  const facts: readonly (readonly [string, ComponentChildren])[] = [
    ['Agent', linkTo(`agents/${agentId}`, brief(agent?.name ?? agentId))],
    [
      'Created',
      createdAt && html`<${Time} at=${createdAt} /> <span class="muted">${shortTime(createdAt)}</span>`,
    ],
    ['Last message', lastMessageAt && html`<${Time} at=${lastMessageAt} />`],
    // The runs API has no filter for the runs of a default conversation.
    ['Runs', runsText && (isDefault(id) ? runsText : linkTo(`?conversation=${id}`, runsText))],
    ['Failed', failed && number(failed.value, failed.precision)],
    ['Tokens', tokens && number(tokens.totalTokens, tokens.runCount.precision)],
    ['Cost', cost && costText(cost)],
  ];
  return html`<section class="facts" aria-label="Facts"><${Definitions} of=${facts} /></section>`;
}

/** The runs of a turn, and what was said in them. */
function TurnSection({ runs, messages }: Turn) {
  const runId = messages[0]?.runId;
  return html`<section class="turn card">
    ${runs.map(
      (run) =>
        html`<p key=${run.id} id=${run.id} class="line">
          <${StateLabel} state=${stateOf(run)} rawStatus=${run.rawStatus} /> <${RunLink} id=${run.id} />
          <span class="muted"><${Time} at=${run.createdAt} />, <${Took} run=${run} /></span>
        </p>`,
    )}
    ${runs.length === 0 && runId && html`<p><${RunLink} id=${runId} /></p>`}
    <${Messages} messages=${messages} steps=${NO_STEPS} />
  </section>`;
}

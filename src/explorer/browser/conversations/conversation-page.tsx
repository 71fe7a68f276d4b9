import { type ResponseError, ApiError, asApiError } from '../../../client/api-error.ts';
import { Definitions } from '../components/definitions.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { linkTo } from '../components/link.tsx';
import { RunLink, StateLabel, Time, Took } from '../components/run-labels.tsx';
import { CONVERSATION, type Conversation } from '../documents/conversations.ts';
import type { Message } from '../documents/run.ts';
import { brief, costText, number } from '../format/text.ts';
import { usePolled } from '../gateway/connection.ts';
import { query } from '../gateway/query.ts';
import { useEffect, useLayoutEffect, useState } from '../preact.ts';
import { Conversation as Messages } from '../run/conversation.tsx';
import { type Items, joined } from '../run/items.ts';
import { BackToList } from '../run/neighbors.tsx';
import { Part } from '../run/part.tsx';
import { PausePanel } from '../run/pause-panel.tsx';
import { shownStateOf } from '../run/pause.ts';
import type { Pages } from '../run/use-run.ts';
import { useAgentName } from '../runs/agent-names.ts';
import { isActive, stateOf } from '../runs/states.ts';
import { joinedRuns, type TurnRun, turnsOf } from './turns.ts';

interface State {
  /** Undefined until the conversation is read, null if there is none. */
  readonly conversation?: Conversation | null;
  /** Newest first. */
  readonly runs: ReadonlyMap<string, TurnRun>;
  readonly messages?: Items<Message> | undefined;
  /** The errors of single fields. */
  readonly errors: readonly ResponseError[];
  /** Why the conversation could not be read, or is no longer followed. */
  readonly error?: ApiError;
}

/** Milliseconds between two reads while a run is active, and while none is. Every 20th read reads everything. */
const REFRESH_MS = { active: 3000, idle: 15_000 };
const ALL_AFTER = 20;

const isDefault = (id: string): boolean => id.startsWith('default-');

export const titleOf = ({ id, summary }: Pick<Conversation, 'id' | 'summary'>): string =>
  brief(summary || (isDefault(id) ? 'Default conversation' : 'Conversation without a summary'), 200);

/** The page of one conversation, which is followed while it is shown. */
export function ConversationPage({ id }: { readonly id: string }) {
  const [{ conversation, runs, messages, errors, error }, setState] = useState<State>({
    runs: new Map(),
    errors: [],
  });
  const read = async (withStats: boolean, before?: string | null, signal?: AbortSignal): Promise<number> => {
    const cursors = before ? { messagesBefore: before, runsAfter: [...runs.keys()].at(-1) } : {};
    // The gateway looks up what each run continues, so only the newest runs are read again in between.
    const variables = { id, withStats, runs: withStats || before ? 25 : 5, ...cursors };
    const result = await query(CONVERSATION, variables, signal);
    const { conversation: part } = result.data;
    const failure = result.errors.find(({ path = [] }) => path.length < 2);
    if (part === null && failure !== undefined) throw new ApiError(failure);
    const nodes = part?.runs?.nodes ?? [];
    setState((old) => ({
      // Statistics that weren't read again stay.
      conversation: part && { ...old.conversation, ...part },
      runs: joinedRuns(old.runs, nodes, before),
      messages: joined(old.messages, part?.messages, before),
      errors: result.errors,
    }));
    return REFRESH_MS[nodes.some(isActive) ? 'active' : 'idle'];
  };
  const showError = (caught: unknown): void => setState((old) => ({ ...old, error: asApiError(caught) }));
  const retry = usePolled((round, signal) => read(round % ALL_AFTER === 0, null, signal), showError);
  const load = ({ messagesBefore: before }: Pages): Promise<unknown> =>
    read(!before, before).catch(showError);
  const title = conversation ? titleOf(conversation) : 'Conversation';
  useEffect(() => void (document.title = title), [title]);
  // A link from a run names its turn.
  useLayoutEffect(() => {
    document.getElementById(location.hash.slice(1))?.closest('.outcome')?.scrollIntoView();
  }, [messages === undefined]);
  const agentName = useAgentName(conversation?.agentId ?? '');
  const waiting = conversation?.pendingApproval;
  const stateIn = (run: TurnRun) => (run.id === waiting?.id ? shownStateOf(waiting) : stateOf(run));
  const { count, failed, cost } = conversation?.runStats ?? {};
  const runCount = count && number(count.value, count.precision);

  return (
    <article class="run">
      <BackToList />
      <header class="run-head line">
        <h1>{title}</h1>
        <code class="muted">{brief(id)}</code>
      </header>
      {error && <ErrorState error={error} onRetry={retry} />}
      {conversation === null && (
        <p class="empty" role="alert">
          It was deleted, or you can’t see it.
        </p>
      )}
      {conversation === undefined && !error && <p class="muted">Loading…</p>}
      {[...new Set(errors.map(({ path, message }) => path?.[1] !== 'messages' && message))].map(
        (message) => message && <p class="bad">Not all of it could be read: {message}</p>,
      )}
      {waiting && <PausePanel key={waiting.id} run={waiting} errors={errors} reload={() => void load({})} />}
      {conversation && (
        <div class="columns">
          <section class="facts" aria-label="Facts">
            <Definitions
              of={Object.entries({
                Agent: linkTo(`agents/${conversation.agentId}`, agentName),
                Created: conversation.createdAt && <Time at={conversation.createdAt} />,
                'Last message': conversation.lastMessageAt && <Time at={conversation.lastMessageAt} />,
                // The runs API has no filter for the runs of a default conversation.
                Runs: runCount && (isDefault(id) ? runCount : linkTo(`?conversation=${id}`, runCount)),
                Failed: failed && number(failed.value, failed.precision),
                Cost: cost && costText(cost),
              })}
            />
          </section>
          <div>
            <Part title="Messages" name="messages" items={messages} errors={errors} load={load}>
              {messages &&
                turnsOf(runs, messages).map((turn) => (
                  <div key={turn.id} class="outcome card" role="group" aria-label="Turn">
                    {turn.runs.map((run) => (
                      <p key={run.id} id={run.id} class="line">
                        <StateLabel state={stateIn(run)} rawStatus={run.rawStatus} />
                        <RunLink id={run.id} />
                        <span class="muted">
                          <Time at={run.createdAt} />, <Took run={run} />
                        </span>
                        {run.failure && <span class="bad">{brief(run.failure.message, 300)}</span>}
                      </p>
                    ))}
                    {
                      // A denial stands in the default conversation, even if its run belongs to another conversation.
                      turn.runs.length === 0 && turn.messages[0]?.runId && (
                        <p>
                          <RunLink id={turn.messages[0].runId} />
                        </p>
                      )
                    }
                    <Messages messages={turn.messages} steps={[]} />
                  </div>
                ))}
            </Part>
          </div>
        </div>
      )}
    </article>
  );
}

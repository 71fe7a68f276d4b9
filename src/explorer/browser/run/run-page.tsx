import { type ApiError, asApiError } from '../../../client/api-error.ts';
import { ErrorState } from '../components/error-state.tsx';
import { LongText } from '../components/long-text.tsx';
import { RUN } from '../documents/run.ts';
import { brief } from '../format/text.ts';
import { send } from '../gateway/request.ts';
import { useEffect, useState } from '../preact.ts';
import { STATES } from '../runs/states.ts';
import { Conversation } from './conversation.tsx';
import { FactList } from './facts.tsx';
import { Neighbors } from './neighbors.tsx';
import { Part } from './part.tsx';
import { PausePanel } from './pause-panel.tsx';
import { shownStateOf } from './pause.ts';
import { Outcome, RunHead } from './run-head.tsx';
import { NEWEST, useRun } from './use-run.ts';
import { Waterfall } from './waterfall.tsx';

const NONE: readonly never[] = [];

/** The page of one run, which is followed while it is shown. */
export function RunPage({ id }: { readonly id: string }) {
  const { run, error, errors, load, retry, ...items } = useRun(id);
  const steps = items.steps?.nodes ?? NONE;
  const messages = items.messages?.nodes ?? NONE;
  const reload = (): void => void load(NEWEST);
  const label = run ? STATES[shownStateOf(run)].label : '';
  const name = run ? brief(run.agent?.name ?? run.agentId) : '';
  useEffect(() => {
    document.title = run ? `${name}: ${label.toLowerCase()}` : 'Run';
  }, [run, name]);

  return (
    <article class="run">
      <Neighbors id={id} />
      {run ? <RunHead run={run} name={name} reload={reload} /> : <h1 class="hidden">Run</h1>}
      <p role="status" class="hidden">
        {label}
      </p>
      {error && <ErrorState error={error} onRetry={retry} />}
      {run === null && (
        <div class="empty" role="alert">
          <h2>This run does not exist</h2>
          <p>
            No run has the id <code>{brief(id)}</code>, or you can’t see it. It may have been deleted.
          </p>
        </div>
      )}
      {run === undefined && !error && (
        <p class="muted" aria-busy="true">
          Loading the run…
        </p>
      )}
      {run && (
        <>
          <Outcome run={run} errors={errors} />
          <PausePanel run={run} errors={errors} reload={reload} />
          <div class="columns">
            <FactList run={run} errors={errors} />
            <div>
              <Part title="Steps" name="steps" items={items.steps} errors={errors} load={load}>
                <Waterfall steps={steps} />
              </Part>
              <Part title="Conversation" name="messages" items={items.messages} errors={errors} load={load}>
                <Conversation messages={messages} steps={steps} />
              </Part>
              <RawJson id={id} />
            </div>
          </div>
        </>
      )}
    </article>
  );
}

/** The gateway's result for a run, requested when the section is unfolded. */
function RawJson({ id }: { readonly id: string }) {
  const [text, setText] = useState<string>();
  const [error, setError] = useState<ApiError>();
  const load = async (): Promise<void> => {
    setError(undefined);
    try {
      const response = await send(RUN, { id });
      setText(await response.text());
    } catch (caught) {
      setError(asApiError(caught));
    }
  };
  const onToggle = ({ currentTarget }: { readonly currentTarget: HTMLDetailsElement }): void => {
    if (currentTarget.open) void load();
  };
  return (
    <details class="fold" onToggle={onToggle}>
      <summary>Raw JSON</summary>
      <div class="folded">
        {error ? (
          <ErrorState error={error} onRetry={() => void load()} />
        ) : text === undefined ? (
          <p class="muted">Loading…</p>
        ) : (
          <LongText value={text} first={100_000} />
        )}
      </div>
    </details>
  );
}

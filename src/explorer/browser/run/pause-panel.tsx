import { type ResponseError, asApiError } from '../../../client/api-error.ts';
import { LongText } from '../components/long-text.tsx';
import { RunLink } from '../components/run-labels.tsx';
import { ANSWER, type Answered } from '../documents/conversations.ts';
import { brief } from '../format/text.ts';
import { access, queryField } from '../gateway/query.ts';
import { useEffect, useRef, useState } from '../preact.ts';
import { useStore } from '../store.ts';
import { answersIn, asksPerson, isGoingOn, noteOf, type PausedRun, resultOf, shownStateOf } from './pause.ts';
import { Decision } from './tool-calls.tsx';

interface Props {
  readonly run: PausedRun;
  /** The errors of fields that could not be read. */
  readonly errors: readonly ResponseError[];
  /** Reads the run again. */
  readonly reload: () => void;
}

/** Milliseconds until the run is read again while an approved tool runs. */
const RELOAD_MS = 2000;

function failed(error: unknown): Answered {
  const message = `${asApiError(error).message} If the answer was sent, this shows what became of it.`;
  return { run: null, isProven: false, failure: { message } };
}

/** What a run paused for, and what became of it, with a form for those who can answer. */
export function PausePanel({ run, errors, reload }: Props) {
  const [isSending, setSending] = useState(false);
  const [sent, setSent] = useState<Answered>();
  const status = useRef<HTMLDivElement>(null);
  const mayWrite = useStore(access, (current) => current.mayWrite);
  const { approval: pause } = run;
  const isUnderWay = isGoingOn(pause, sent);
  useEffect(() => {
    const timer = isUnderWay ? setTimeout(reload, RELOAD_MS) : undefined;
    return () => clearTimeout(timer);
  }, [isUnderWay, pause]);
  // The button that had the focus may be gone.
  useEffect(() => (sent ? status.current?.focus() : undefined), [sent]);
  if (!pause) {
    const error = errors.find(({ path = [] }) => path[1] === 'approval');
    return error && <p class="bad part">What it paused for could not be read: {error.message}</p>;
  }
  const { toolCalls, decisions, answeredBy } = pause;
  const isForPerson = asksPerson(pause, sent);
  const canAnswer = isForPerson && mayWrite;
  const [title, text] = noteOf(pause);
  const answer = async (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }): Promise<void> => {
    event.preventDefault();
    const answers = answersIn(new FormData(event.currentTarget, event.submitter), toolCalls);
    setSending(true);
    setSent(await queryField(ANSWER, { runId: run.id, answers }, 'answerApproval').catch(failed));
    setSending(false);
    reload();
  };
  return (
    <section class="outcome card" data-state={shownStateOf(run)} aria-label="Approval">
      <h2>{isUnderWay ? 'Answered, and going on' : title}</h2>
      <p class="muted">
        {text} {pause.reason} {answeredBy && <RunLink id={answeredBy.id} />}
        {isForPerson &&
          !mayWrite &&
          'You can’t answer here: the gateway, or your access token, is read-only.'}
      </p>
      <form onSubmit={(event) => void answer(event)}>
        {toolCalls.map((call, position) => {
          const decision = decisions.find(({ toolCallId }) => toolCallId === call.toolCallId);
          return (
            <fieldset>
              <legend>
                <code>{brief(call.name ?? '?')}</code>
              </legend>
              <LongText value={call.arguments ?? ''} />
              {decision && <Decision approval={decision} />}
              {canAnswer && <Choice position={position} isOnly={toolCalls.length === 1} />}
            </fieldset>
          );
        })}
        {canAnswer &&
          (toolCalls.length > 1 ? (
            <p class="line">
              <button disabled={isSending}>Send {toolCalls.length} decisions</button>
              {(['true', 'false'] as const).map((approve) => (
                <button name="approveAll" value={approve} disabled={isSending} formnovalidate>
                  {approve === 'true' ? 'Approve' : 'Deny'} all {toolCalls.length}
                </button>
              ))}
            </p>
          ) : (
            <p class="line">
              <button name="approve0" value="true" disabled={isSending}>
                Approve
              </button>
              <button name="approve0" value="false" disabled={isSending} class="bad">
                Deny
              </button>
            </p>
          ))}
      </form>
      <div role="status" tabindex={-1} ref={status} class={sent?.failure ? 'bad' : ''}>
        {sent && resultOf(sent, pause)} {sent?.run && <RunLink id={sent.run.id} />}
      </div>
    </section>
  );
}

/** The fields for the answer to one call. The only call of a request gets buttons instead of a choice. */
function Choice({ position, isOnly }: { readonly position: number; readonly isOnly: boolean }) {
  const decision = (
    <label>
      Decision
      <select name={`approve${position}`} required>
        <option value="">Choose…</option>
        <option value="true">Approve</option>
        <option value="false">Deny</option>
      </select>
    </label>
  );
  // A textarea even for a short reason, since Enter in a field of one line would approve.
  return (
    <>
      {!isOnly && decision}
      <label>
        Reason, which the agent is told
        <textarea name={`reason${position}`} maxlength={1000} rows={2}></textarea>
      </label>
    </>
  );
}

import { LongText } from '../components/long-text.ts';
import { ANSWER, type Answered } from '../documents/approvals.ts';
import type { Facts } from '../documents/run.ts';
import { brief } from '../format/text.ts';
import { type AnswerError, asApiError } from '../gateway/api-error.ts';
import { access, queryField } from '../gateway/query.ts';
import { html, useEffect, useRef, useState } from '../preact.ts';
import { useStore } from '../store.ts';
import { answersIn, asksClient, noteOf, pauseStateOf, resultOf, RunLink } from './pause.ts';
import { Decision } from './tool-calls.ts';

interface Props {
  readonly run: Facts;
  /** The errors of fields that could not be read. */
  readonly errors: readonly AnswerError[];
  /** Reads the run again. */
  readonly reload: () => void;
}

type SubmitOf<Target> = SubmitEvent & { readonly currentTarget: Target };

/** Milliseconds until the run is read again while an approved tool runs. */
const RELOAD_MS = 2000;

/** What a run paused for, and what became of it; a form for the answer if the caller can give it. */
export function PausePanel({ run, errors, reload }: Props) {
  const [isSending, setSending] = useState(false);
  const [sent, setSent] = useState<Answered>();
  const status = useRef<HTMLElement>(null);
  const mayWrite = useStore(access, (current) => current.mayWrite);
  const { approval: pause } = run;
  const isUnderWay = sent?.failure === null && pause?.state === 'PENDING';
  useEffect(() => {
    const timer = isUnderWay ? setTimeout(reload, RELOAD_MS) : undefined;
    return () => clearTimeout(timer);
  }, [isUnderWay, pause]);
  // The button that had the focus may be gone.
  useEffect(() => {
    if (sent !== undefined) status.current?.focus();
  }, [sent]);
  if (!pause) {
    const error = errors.find(({ path = [] }) => path[1] === 'approval');
    return error && html`<p class="bad part">What it paused for could not be read: ${error.message}</p>`;
  }
  const { state, toolCalls, decisions, answeredBy } = pause;
  const isForPerson = state === 'PENDING' && !asksClient(pause) && !isUnderWay;
  const [title, text] = noteOf(pause);
  const answer = async (event: SubmitOf<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const answers = answersIn(new FormData(event.currentTarget, event.submitter), toolCalls);
    setSending(true);
    try {
      setSent(await queryField(ANSWER, { runId: run.id, answers }, 'answerApproval'));
    } catch (error) {
      const message = `${asApiError(error).message} If the answer was sent, this page shows what became of it.`;
      setSent({ run: null, isProven: false, failure: { message } });
    }
    setSending(false);
    reload();
  };
  return html`<section class="outcome card" data-state=${pauseStateOf(run)} aria-label="Approval">
    <h2>${title}</h2>
    <p class="muted">${text} ${pause.reason} ${answeredBy && html`<${RunLink} id=${answeredBy.id} />`}</p>
    <form onSubmit=${(event: SubmitOf<HTMLFormElement>) => void answer(event)}>
      ${toolCalls.map((call, position) => {
        const decision = decisions.find(({ toolCallId }) => toolCallId === call.toolCallId);
        return html`<fieldset>
          <legend><code>${brief(call.name ?? '?')}</code></legend>
          <${LongText} value=${call.arguments ?? ''} />
          ${decision && html`<${Decision} approval=${decision} />`}
          ${isForPerson && mayWrite && html`<${Choice} position=${position} isOnly=${toolCalls.length === 1} />`}
        </fieldset>`;
      })}
      ${isForPerson && mayWrite && html`<${Buttons} count=${toolCalls.length} isSending=${isSending} />`}
    </form>
    ${isForPerson && !mayWrite && html`<p>You can’t answer it here: the gateway or your access token is read-only.</p>`}
    <div role="status" tabindex="-1" ref=${status} class=${sent?.failure ? 'bad' : ''}>
      ${sent && resultOf(sent, pause)} ${sent?.run && html`<${RunLink} id=${sent.run.id} />`}
    </div>
  </section>`;
}

/** The fields for the answer to one of several calls, or to the only one. */
function Choice({ position, isOnly }: { readonly position: number; readonly isOnly: boolean }) {
  return html`${
      !isOnly &&
      html`<label>
        Decision
        <select name=${`approve${position}`} required>
          <option value="">Choose…</option>
          <option value="true">Approve</option>
          <option value="false">Deny</option>
        </select>
      </label>`
    }
    <label>
      Reason, which the agent is told
      <textarea name=${`reason${position}`} maxlength="1000" rows="2"></textarea>
    </label>`;
}

/** Approves or denies the only call, or sends the decisions on several. */
function Buttons({ count, isSending }: { readonly count: number; readonly isSending: boolean }) {
  return html`<p class="line">
    ${
      count > 1
        ? html`<button disabled=${isSending}>Send ${count} decisions</button>`
        : html`<button name="approve0" value="true" disabled=${isSending}>Approve</button>
            <button name="approve0" value="false" disabled=${isSending} class="bad">Deny</button>`
    }
    ${isSending && 'Sending…'}
  </p>`;
}

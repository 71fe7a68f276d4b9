// Parts that several views are made of.

import { useAgentName } from './agent-names.js';
import { cancellations, cancelRun } from './cancel.js';
import { html, useEffect, useRef, useState } from './dom.js';
import { ago, brief, duration, fullTime } from './format.js';
import { isActive, STATES } from './states.js';
import { createStore, useStore } from './store.js';

/** The time, a second at most ago. */
const clock = createStore({ now: Date.now() });
setInterval(() => {
  if (!document.hidden) clock.set({ now: Date.now() });
}, 1000);

/**
 * A mark of a state, without words.
 *
 * @param {{ state: string }} props
 */
export function StateMark({ state }) {
  return html`<svg class="mark" data-state=${state} viewBox="0 0 16 16" aria-hidden="true">
    <path d=${STATES[state]?.icon} />
  </svg>`;
}

/**
 * A state with its mark.
 *
 * @param {{ state: string, status?: string }} props `status` is shown where the state is unknown
 */
export function StateLabel({ state, status }) {
  const label = state === 'UNRECOGNIZED' ? brief(status ?? 'Unknown') : STATES[state]?.label;
  return html`<span class="state" data-state=${state}><${StateMark} state=${state} /> ${label}</span>`;
}

/**
 * How long ago something was, and when exactly for those who point at it.
 *
 * @param {{ at: string }} props
 */
export function Time({ at }) {
  const { now } = useStore(clock);
  return html`<time datetime=${at} data-tip=${fullTime(at)}>${ago(at, now)}</time>`;
}

/**
 * How long a run took, or has taken so far.
 *
 * @param {{ run: { state: string, createdAt: string, completedAt: string | null, durationNs: number | null } }} props
 */
export function Took({ run }) {
  const { now } = useStore(clock);
  const isRunning = run.state === 'CREATED' || run.state === 'RUNNING';
  const soFar = Math.max(0, Math.floor((now - Date.parse(run.createdAt)) / 1000)) * 1e9;
  const whole =
    run.completedAt === null ? null : (Date.parse(run.completedAt) - Date.parse(run.createdAt)) * 1e6;
  return html`<span class="took">${duration(isRunning ? soFar : (run.durationNs ?? whole))}</span>`;
}

/**
 * A dialog that is open as long as it is rendered.
 *
 * @param {{ title: string, onClose: () => void, children?: any }} props
 */
export function Dialog({ title, onClose, children }) {
  const ref = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    const { activeElement } = document;
    ref.current?.showModal();
    // Browsers give it back only to those who close a dialog, not to those who remove it.
    return () => activeElement instanceof HTMLElement && activeElement.focus();
  }, []);
  const onClick = (/** @type {MouseEvent} */ { target }) => {
    // Beside it.
    if (target === ref.current) onClose();
  };
  return html`<dialog ref=${ref} aria-label=${title} onClose=${onClose} onClick=${onClick}>
    <div class="dialog">
      <h2>${title}</h2>
      ${children}
    </div>
  </dialog>`;
}

/**
 * Cancels a run, after having asked. Nothing for a run that has ended.
 *
 * @param {{ run: { id: string, state: string, agentId: string }, onDone?: (run: any) => void }} props
 */
export function CancelButton({ run, onDone }) {
  const [isAsking, setAsking] = useState(false);
  const { sending } = useStore(cancellations);
  const agentName = useAgentName(run.agentId);
  if (!isActive(run.state)) return null;
  const name = `${agentName} (${shortId(run.id)})`;
  const isSending = sending.includes(run.id);
  const cancel = async () => {
    setAsking(false);
    const cancelled = await cancelRun(run.id, name);
    onDone?.(cancelled);
  };
  return html`<button
      type="button"
      class="small"
      disabled=${isSending}
      aria-label=${`Cancel ${name}`}
      onClick=${() => setAsking(true)}
    >
      ${isSending ? 'Cancelling…' : 'Cancel'}
    </button>
    ${
      isAsking &&
      html`<${Dialog} title="Cancel this run?" onClose=${() => setAsking(false)}>
        <p>${name} stops after its current step. What it has done so far stays.</p>
        <p class="buttons">
          <button type="button" autofocus onClick=${() => setAsking(false)}>Keep it</button>
          <button type="button" class="danger" onClick=${() => void cancel()}>Cancel the run</button>
        </p>
      <//>`
    }`;
}

/** @param {string} id */
export const shortId = (id) => id.slice(0, 12);

/** What to do about errors, by their codes. @type {Readonly<Record<string, readonly [title: string, advice?: string]>>} */
const ERRORS = {
  UNREACHABLE: ['The gateway does not answer', 'It may be restarting. This page reconnects by itself.'],
  PROXY_ERROR: [
    'The gateway can’t be reached',
    'A proxy answers in its place. This page reconnects by itself; if you have to sign in, reload it.',
  ],
  UPSTREAM_UNAVAILABLE: [
    'The runs API is unavailable',
    'Is the Letta server up? The gateway’s log says more.',
  ],
  UPSTREAM_TIMEOUT: ['The runs API did not answer in time'],
  UPSTREAM_ERROR: ['The runs API failed', 'The gateway’s log says more.'],
  UPSTREAM_REJECTED: ['The runs API refused the request'],
  UPSTREAM_UNSUPPORTED: ['The runs API is too old for this'],
  UNAUTHENTICATED: ['The credentials were not accepted'],
  FORBIDDEN: ['You may not do this'],
  RATE_LIMITED: ['Too many requests', 'Wait a little, then try again.'],
  OVERLOADED: ['The gateway is busy', 'Wait a little, then try again.'],
  SCAN_BUDGET_EXCEEDED: [
    'Not found yet',
    'These filters match few of many runs. A shorter time range helps.',
  ],
  BAD_USER_INPUT: ['A filter is not valid', 'Remove or correct it.'],
  GRAPHQL_VALIDATION_FAILED: ['The gateway does not serve what this page asks for', 'Reload the page.'],
  DOCUMENT_NOT_TRUSTED: [
    'This gateway answers trusted documents only',
    'Start it with EXPLORER=on to trust those of this page.',
  ],
};

/**
 * Why something is not shown, and what to do.
 *
 * @param {{ error: import('./api.js').ApiError, onRetry?: () => void, children?: any }} props
 */
export function ErrorState({ error, onRetry, children }) {
  const [title, advice] = ERRORS[error.code] ?? ['Something went wrong'];
  return html`<div class="empty" role="alert">
    <h2>${title}</h2>
    <p>${error.message} ${advice}</p>
    ${
      error.requestId !== undefined &&
      html`<p class="muted">Request <code>${error.requestId}</code>, ${error.code}</p>`
    }
    <p class="buttons">
      ${onRetry !== undefined && html`<button type="button" onClick=${onRetry}>Retry</button>`} ${children}
    </p>
  </div>`;
}

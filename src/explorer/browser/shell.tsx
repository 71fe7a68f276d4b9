import { clock, RunLink } from './components/run-labels.tsx';
import { clockTime } from './format/time.ts';
import { connectionState, retryNow } from './gateway/connection.ts';
import { ENDPOINT, options } from './page-options.ts';
import { type ComponentChildren, useKeys } from './preact.ts';
import { hrefOf } from './router.ts';
import { cancellations, dismiss } from './runs/cancel-run.ts';
import { useStore } from './store.ts';

const KEYS = Object.entries({
  'j, ↓': 'next run',
  'k, ↑': 'previous run',
  Enter: 'open the run',
  x: 'tick the run',
  Esc: 'back to the list',
  '/': 'filter by agent',
  '?': 'this help',
});
const LOGO = document.querySelector<HTMLLinkElement>('link[rel=icon]')?.href;
const CONNECTION_LABELS = { live: 'Live', lost: 'Disconnected', connecting: 'Connecting' };
/** Milliseconds for which a lost connection is not mentioned. */
const UNMENTIONED_MS = 700;

/** The frame of all pages: the header, and notices about the connection and cancelled runs. */
export function Shell({ children }: { readonly children?: ComponentChildren }) {
  const state = useStore(connectionState, (current) => current.state);
  useKeys(({ key }) => {
    if (key === '?') document.querySelector<HTMLElement>('#keys')?.showPopover();
    return key === '?';
  });
  return (
    <>
      <header class="shell line">
        <a class="brand line" href={hrefOf('')}>
          <img class="logo" src={LOGO} alt="" />
          Runs
        </a>
        {options.hasSampleRuns && <span class="badge">Sample data</span>}
        <span class="connection swatch line" data-state={state} role="status">
          {CONNECTION_LABELS[state]}
        </span>
        <a class="quiet" href={hrefOf('conversations')}>
          Conversations
        </a>
        <a class="quiet" href={ENDPOINT}>
          GraphiQL
        </a>
        <button type="button" class="quiet" aria-label="Keyboard shortcuts" popovertarget="keys">
          ?
        </button>
      </header>
      <div id="keys" popover class="overlay" role="dialog" aria-label="Keyboard shortcuts">
        <div class="dialog" tabindex={-1} autofocus>
          <h2>Keyboard shortcuts</h2>
          <dl>
            {KEYS.map(([keys, action]) => (
              <>
                <dt>
                  <kbd>{keys}</kbd>
                </dt>
                <dd>{action}</dd>
              </>
            ))}
          </dl>
        </div>
      </div>
      <main>{children}</main>
      <Notices />
    </>
  );
}

/** Notices about the connection and cancelled runs. They lie over the page, so that rows don't jump. */
function Notices() {
  const notices = useStore(cancellations, (current) => current.notices);
  return (
    <section class="notices" aria-label="Notices">
      {notices.map(({ runId, isError, text, otherRunId }) => (
        <div
          key={runId}
          class="notice line overlay"
          data-state={isError ? 'FAILED' : 'COMPLETED'}
          role={isError ? 'alert' : 'status'}
        >
          <span>{text}</span>
          {otherRunId && <RunLink id={otherRunId} />}
          <button type="button" class="small" onClick={() => dismiss(runId)}>
            Dismiss
          </button>
        </div>
      ))}
      <LostConnection />
    </section>
  );
}

/** Says that the connection was lost, and when the next attempt is. */
function LostConnection() {
  const { state, error, nextTryAt, lostAt } = useStore(connectionState, (current) => current);
  const { now } = useStore(clock, (current) => current);
  if (state !== 'lost' || error === undefined || now - lostAt < UNMENTIONED_MS) return null;
  const seconds = Math.max(0, Math.ceil((nextTryAt - now) / 1000));
  return (
    <div class="notice line overlay" data-state="FAILED">
      <span>
        <span role="alert">{error.message}</span> This page shows the state of {clockTime(lostAt)}.
      </span>
      <span class="muted">{seconds === 0 ? 'Trying…' : `Next try in ${seconds} s`}</span>
      <button type="button" class="small" onClick={retryNow}>
        Retry now
      </button>
    </div>
  );
}

// What all views have: the header, and what is said of the connection and of cancelled runs.

import { connection, ENDPOINT, options, retryNow } from './api.js';
import { cancellations, forget } from './cancel.js';
import { html, useEffect, useState } from './dom.js';
import { hrefOf } from './router.js';
import { useStore } from './store.js';
import { Dialog } from './widgets.js';

const THEME_KEY = 'runs-gateway: theme';
const THEMES = ['auto', 'light', 'dark'];

const KEYS = [
  ['j, ↓', 'next run'],
  ['k, ↑', 'previous run'],
  ['Enter', 'open the run'],
  ['Esc', 'back to the list'],
  ['/', 'filter by agent'],
  ['?', 'this help'],
];

/** @param {string} theme */
function applyTheme(theme) {
  document.documentElement.style.colorScheme = theme === 'auto' ? '' : theme;
}

/** Browsers may be set to store nothing. */
function storedTheme() {
  try {
    return localStorage.getItem(THEME_KEY) ?? 'auto';
  } catch {
    return 'auto';
  }
}
applyTheme(storedTheme());

/** @param {KeyboardEvent} event */
export function isTyping({ target, metaKey, ctrlKey, altKey }) {
  if (metaKey || ctrlKey || altKey) return true;
  return target instanceof Element && target.closest('input, select, textarea, dialog, [popover]') !== null;
}

/** @param {{ children?: any }} props */
export function Shell({ children }) {
  const [hasHelp, setHelp] = useState(false);
  useEffect(() => {
    const onKey = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === '?' && !isTyping(event)) setHelp(true);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return html`<header class="shell">
      <a class="brand" data-inside href=${hrefOf('')}><span class="logo" aria-hidden="true" />Runs</a>
      ${options.hasSampleRuns && html`<span class="badge">Sample data</span>`}
      <span class="space" />
      <${ConnectionState} />
      <a class="quiet" href=${ENDPOINT}>GraphiQL</a>
      <${ThemeButton} />
      <button type="button" class="quiet" aria-label="Keyboard shortcuts" onClick=${() => setHelp(true)}>
        ?
      </button>
    </header>
    <main>${children}</main>
    <${Notices} />
    ${
      hasHelp &&
      html`<${Dialog} title="Keyboard shortcuts" onClose=${() => setHelp(false)}>
        <dl class="keys">
          ${KEYS.map(
            ([keys, what]) =>
              html`<dt><kbd>${keys}</kbd></dt>
                <dd>${what}</dd>`,
          )}
        </dl>
        <p class="buttons"><button type="button" onClick=${() => setHelp(false)}>Close</button></p>
      <//>`
    }`;
}

function ThemeButton() {
  const [theme, setTheme] = useState(storedTheme());
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto';
  const change = () => {
    applyTheme(next);
    setTheme(next);
    dispatchEvent(new Event('themechange'));
    try {
      localStorage.setItem(THEME_KEY, next);
    } catch {
      // Then it lasts as long as the page.
    }
  };
  const label = `Theme: ${theme}. Change to ${next}`;
  return html`<button type="button" class="quiet" aria-label=${label} title=${label} onClick=${change}>
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      ${theme === 'dark' && html`<path d="M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5z" />`}
      ${
        theme === 'light' &&
        html`<path
          d="M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM8 1v1.4M8 13.6V15M1 8h1.4M13.6 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1"
        />`
      }
      ${theme === 'auto' && html`<path d="M8 2.5a5.5 5.5 0 1 1 0 11zM8 2.5a5.5 5.5 0 0 0 0 11" /><path d="M8 3v10a5 5 0 0 0 0-10z" fill="currentColor" />`}
    </svg>
  </button>`;
}

function ConnectionState() {
  const { state } = useStore(connection);
  const text = { live: 'Live', lost: 'Disconnected', connecting: 'Connecting' }[state];
  return html`<span class="connection" data-state=${state} role="status">${text}</span>`;
}

/** What one has to know now. It lies over the page, so that nothing jumps. */
function Notices() {
  const { alerts } = useStore(cancellations);
  return html`<section class="notices" aria-label="Notices">
    ${alerts.map(
      ({ runId, tone, text }) =>
        html`<div key=${runId} class="notice" data-tone=${tone} role=${tone === 'bad' ? 'alert' : 'status'}>
          <span>${text}</span>
          <button type="button" class="small" onClick=${() => forget(runId)}>Dismiss</button>
        </div>`,
    )}
    <${Lost} />
  </section>`;
}

/** Says that the connection was lost, and when it is tried again. */
function Lost() {
  const { state, error, nextTryAt, lostAt } = useStore(connection);
  const [, tick] = useState(0);
  useEffect(() => {
    if (state !== 'lost') return undefined;
    const timer = setInterval(() => tick((count) => count + 1), 250);
    return () => clearInterval(timer);
  }, [state]);
  if (state !== 'lost' || error === undefined) return null;
  const seconds = Math.max(0, Math.ceil((nextTryAt - Date.now()) / 1000));
  const since = new Date(lostAt).toLocaleTimeString();
  return html`<div class="notice lost" data-tone="bad">
    <span><span role="alert">${error.message}</span> What you see is as of ${since}. </span>
    <span class="countdown">${seconds === 0 ? 'Trying…' : `Next try in ${seconds} s`}</span>
    <button type="button" class="small" onClick=${retryNow}>Retry now</button>
  </div>`;
}

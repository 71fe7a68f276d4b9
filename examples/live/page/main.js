// Keeps the list as the gateway tells it.

import { cancelRun, followRuns, messagesOf, newestRuns } from './gateway.js';
import {
  createRow,
  element,
  fillRow,
  fillTime,
  isActive,
  messageItem,
  reasonOf,
  setText,
  STATUSES,
  statusOf,
} from './view.js';

/**
 * @import { Run } from './types.d.ts'
 */

/** Runs that are shown at most. */
const MAX_RUNS = 60;
/**
 * Milliseconds after subscribing at which the list is read: by then the gateway has read it as well, and
 * tells of whatever has changed since.
 */
const READ_AFTER_MS = [0, 3000];

/** @type {Map<string, { run: Run, row: HTMLElement }>} */
const shown = new Map();
/** @type {string | undefined} */
let onlyStatus;
/** @type {string | undefined} */
let openId;

/** The runs that were told of since the list was last read. @type {Set<string>} */
const told = new Set();

const list = element('#runs');
const notice = element('#notice');
const details = dialog('#details');

/**
 * @param {string} selector
 * @returns {HTMLDialogElement}
 */
function dialog(selector) {
  const found = element(selector);
  if (!(found instanceof HTMLDialogElement)) throw new Error(`${selector} is no dialog.`);
  return found;
}

/** @param {Run} run */
function put(run) {
  const known = shown.get(run.id);
  if (known === undefined) {
    const row = createRow(run.id, {
      onOpen: () => void open(run.id),
      onCancel: () => void cancel(run.id),
    });
    shown.set(run.id, { run, row });
    fillRow(row, run);
    place(row, run);
  } else {
    const isChanged = statusOf(known.run) !== statusOf(run);
    known.run = run;
    fillRow(known.row, run);
    if (isChanged) flash(known.row);
  }
}

/**
 * Before the first row that is older.
 *
 * @param {HTMLElement} row
 * @param {Run} run
 */
function place(row, run) {
  const older = [...list.children].find((child) => {
    const other = child instanceof HTMLElement ? shown.get(child.dataset['id'] ?? '') : undefined;
    return other !== undefined && key(other.run) < key(run);
  });
  list.insertBefore(row, older ?? null);
}

/** @param {Run} run */
function key({ createdAt, id }) {
  return new Date(createdAt).toISOString() + createdAt + id;
}

/** @param {HTMLElement} row */
function flash(row) {
  row.classList.remove('changed');
  requestAnimationFrame(() => row.classList.add('changed'));
}

/** @param {string} id */
function remove(id) {
  shown.get(id)?.row.remove();
  shown.delete(id);
}

/** Runs that are no longer among the newest go, and counts and filters follow. */
function settle() {
  const order = [...shown.values()].toSorted((a, b) => (key(a.run) < key(b.run) ? 1 : -1));
  for (const { run } of order.slice(MAX_RUNS)) if (!isActive(run)) remove(run.id);
  let visible = 0;
  for (const { run, row } of shown.values()) {
    row.hidden = onlyStatus !== undefined && statusOf(run) !== onlyStatus;
    if (!row.hidden) visible += 1;
  }
  element('#empty').hidden = visible > 0;
  for (const status of STATUSES) {
    const button = element(`[data-filter=${status}]`);
    const matching = [...shown.values()].filter(({ run }) => statusOf(run) === status);
    setText(element('.count', button), String(matching.length));
    button.setAttribute('aria-pressed', String(onlyStatus === status));
  }
}

async function read() {
  told.clear();
  try {
    const runs = await newestRuns(MAX_RUNS);
    const ids = new Set(runs.map(({ id }) => id));
    // What was told meanwhile is newer than what was read.
    for (const id of shown.keys()) if (!ids.has(id) && !told.has(id)) remove(id);
    for (const run of runs) if (!told.has(run.id)) put(run);
    settle();
    say('');
  } catch (error) {
    say(`The list could not be read: ${messageOf(error)}`);
  }
}

/** @param {string} id */
async function open(id) {
  openId = id;
  element('#messages').replaceChildren();
  details.showModal();
  await fillDetails();
  const messages = element('#messages');
  messages.scrollTop = messages.scrollHeight;
}

/** Shows the run that is open as it is now. */
async function fillDetails() {
  const id = openId;
  const run = id === undefined ? undefined : shown.get(id)?.run;
  if (id === undefined || run === undefined) return;
  setText(element('#details-title'), run.agent?.name ?? run.agent?.id ?? 'no agent');
  const parts = [statusOf(run).toLowerCase(), reasonOf(run), run.id];
  setText(element('#details-run'), parts.filter(Boolean).join(' · '));
  element('#details').dataset['status'] = statusOf(run);
  try {
    const messages = await messagesOf(id);
    if (openId !== id) return;
    const items = messages.map(messageItem);
    element('#messages').replaceChildren(...(items.length > 0 ? items : [placeholder('No messages yet.')]));
  } catch (error) {
    if (openId === id) element('#messages').replaceChildren(placeholder(messageOf(error)));
  }
}

/** @param {string} text */
function placeholder(text) {
  const item = document.createElement('li');
  item.className = 'placeholder';
  item.textContent = text;
  return item;
}

/** @param {string} id */
async function cancel(id) {
  const row = shown.get(id)?.row;
  const button = row === undefined ? undefined : element('.cancel', row);
  button?.setAttribute('disabled', '');
  try {
    const { run, failure } = await cancelRun(id);
    if (run !== null) put(run);
    settle();
    say(failure ?? '');
  } catch (error) {
    say(`The run was not cancelled: ${messageOf(error)}`);
  } finally {
    button?.removeAttribute('disabled');
    // The button is gone with the run's activity; the keyboard stays in its row.
    if (button?.hidden === true && row !== undefined) element('.open', row).focus();
  }
}

/** @param {string} text */
function say(text) {
  setText(notice, text);
  notice.hidden = text === '';
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * @param {'live' | 'lost'} state
 * @param {string} text
 */
function showConnection(state, text) {
  const connection = element('#connection');
  connection.dataset['state'] = state;
  setText(connection, text);
}

for (const status of STATUSES) {
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset['filter'] = status;
  const count = document.createElement('span');
  count.className = 'count';
  count.textContent = '0';
  button.append(count, ` ${status.toLowerCase()}`);
  button.addEventListener('click', () => {
    onlyStatus = onlyStatus === status ? undefined : status;
    settle();
  });
  element('#counts').append(button);
}

element('#close').addEventListener('click', () => details.close());
details.addEventListener('close', () => {
  openId = undefined;
});
// A click beside it.
details.addEventListener('click', ({ target }) => {
  if (target === details) details.close();
});

setInterval(() => {
  for (const { run, row } of shown.values()) fillTime(row, run);
  const run = openId === undefined ? undefined : shown.get(openId)?.run;
  // Messages come while a run goes on, without a change of the run itself.
  if (run !== undefined && isActive(run)) void fillDetails();
}, 1000);

void followRuns({
  onConnected(hasGap) {
    showConnection('live', 'Live');
    if (hasGap) for (const ms of READ_AFTER_MS) setTimeout(() => void read(), ms);
  },
  onEvent({ kind, runId, run }) {
    told.add(runId);
    if (kind === 'REMOVED' || run === null) remove(runId);
    else put(run);
    settle();
    if (runId === openId) void fillDetails();
  },
  onLost: (why, delayMs) =>
    showConnection('lost', `${why} Connecting again in ${Math.max(1, Math.round(delayMs / 1000))} s`),
});

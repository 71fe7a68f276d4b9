// Keeps the list as the gateway tells it. Texts are never parsed as HTML.

import { cancelRun, followRuns, readRuns } from './gateway.js';

/**
 * @import { Run } from './types.d.ts'
 */

const PAGE_SIZE = 50;
/**
 * Milliseconds after subscribing at which the list is read: by then the gateway has read it as well, and
 * reports whatever has changed since.
 */
const READ_AFTER_MS = [0, 3000];

/** @type {Map<string, { run: Run, row: HTMLElement }>} */
const shown = new Map();
/** How many of the newest runs are shown; active ones are shown in any case. */
let limit = PAGE_SIZE;
/** Where older runs begin, if there are any. @type {string | undefined} */
let older;
/** The runs with an event since the list was last read. @type {Set<string>} */
const changed = new Set();
/** The run that the notice is about. @type {string | undefined} */
let noticeId;
/** @type {number | undefined} */
let retryAt;
let retry = () => {};

/**
 * @param {string} selector
 * @param {ParentNode} [parent]
 * @returns {HTMLElement}
 */
function element(selector, parent = document) {
  const found = parent.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`The page has no element ${selector}.`);
  return found;
}

/**
 * Sets a text if it is another one: screen readers and selections are left in peace.
 *
 * @param {HTMLElement} target
 * @param {string} text
 */
function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/**
 * What a person calls the state of a run. One that waits for approval is COMPLETED in the API, but it has
 * not ended: it can go on, and be cancelled.
 *
 * @param {Run} run
 */
function stateOf({ status, rawStatus, stopReason }) {
  if (status === 'COMPLETED' && stopReason === 'REQUIRES_APPROVAL') return 'waits for approval';
  return (status === 'UNRECOGNIZED' ? rawStatus : status)?.toLowerCase() ?? 'unknown';
}

/** @param {Run} run */
function isOpen(run) {
  return ['created', 'running', 'waits for approval'].includes(stateOf(run));
}

/** @param {Run} run */
function timeOf(run) {
  const { createdAt, completedAt, totalDurationNs } = run;
  if (isOpen(run)) return `for ${duration(Date.now() - Date.parse(createdAt))}`;
  const took = totalDurationNs === null ? '' : `took ${duration(totalDurationNs / 1e6)}, `;
  const [word, at] = completedAt === null ? ['created', createdAt] : ['ended', completedAt];
  return `${took}${word} ${duration(Date.now() - Date.parse(at))} ago`;
}

/** @param {number} ms */
function duration(ms) {
  const seconds = Math.round(ms / 1000);
  if (seconds < 1) return 'under 1 s';
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

/** @param {Run} run */
function put(run) {
  const row = shown.get(run.id)?.row ?? createRow(run.id);
  shown.set(run.id, { run, row });
}

/** @param {string} id */
function createRow(id) {
  const template = element('#run');
  if (!(template instanceof HTMLTemplateElement)) throw new Error('#run is no template.');
  const row = element('.run', document.importNode(template.content, true));
  row.dataset['id'] = id;
  row.tabIndex = -1;
  element('.cancel', row).addEventListener('click', () => void cancel(id));
  return row;
}

function show() {
  // A time has microseconds, which Date hasn't; in UTC its text has the same order.
  const order = [...shown.values()].toSorted(
    ({ run: a }, { run: b }) =>
      Date.parse(b.createdAt) - Date.parse(a.createdAt) || (a.createdAt + a.id < b.createdAt + b.id ? 1 : -1),
  );
  const rows = order.filter(({ run }, index) => {
    if (index < limit || isOpen(run)) return true;
    shown.delete(run.id);
    return false;
  });
  // What made room for newer runs is among the older ones now; the id of a run is a cursor, too.
  if (rows.length < order.length) older = order[limit - 1]?.run.id;
  for (const { run, row } of rows) fill(row, run);
  const list = element('#runs');
  for (const row of list.querySelectorAll('.run')) if (!rows.some((entry) => entry.row === row)) row.remove();
  // Only rows that are new are moved, so that the focus stays where it is.
  rows.forEach(({ row }, index) => {
    if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
  });
  element('#empty').hidden = rows.length > 0;
  element('#more').hidden = older === undefined;
}

/**
 * @param {HTMLElement} row
 * @param {Run} run
 */
function fill(row, run) {
  const name = run.agent?.name ?? run.agent?.id ?? 'no agent';
  const state = stateOf(run);
  row.dataset['state'] = state;
  setText(element('.status', row), state);
  setText(element('.agent', row), name);
  setText(element('.id', row), run.id.slice(0, 12));
  element('.id', row).title = run.id;
  const time = element('time', row);
  setText(time, timeOf(run));
  time.title = `Created ${new Date(run.createdAt).toLocaleString()}`;
  const button = element('.cancel', row);
  button.setAttribute('aria-label', `Cancel the run of ${name}, ${run.id.slice(0, 12)}`);
  button.hidden = !isOpen(run);
}

/** Reads the newest runs, and drops what is no longer among them. */
async function readNewest() {
  changed.clear();
  try {
    const { nodes, pageInfo } = await readRuns({ first: PAGE_SIZE });
    const ids = new Set(nodes.map(({ id }) => id));
    // What was reported meanwhile is newer than what was read.
    for (const id of shown.keys()) if (!ids.has(id) && !changed.has(id)) shown.delete(id);
    for (const run of nodes) if (!changed.has(run.id)) put(run);
    limit = PAGE_SIZE;
    older = pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined;
    show();
    forget(undefined);
  } catch (error) {
    say(`The list could not be read: ${Object(error).message}`);
  }
}

async function readOlder() {
  try {
    const { nodes, pageInfo } = await readRuns({ first: PAGE_SIZE, after: older });
    limit += PAGE_SIZE;
    older = pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined;
    nodes.forEach(put);
    show();
    forget(undefined);
  } catch (error) {
    say(`Older runs could not be read: ${Object(error).message}`);
  }
}

/** @param {string} id */
async function cancel(id) {
  const button = element(`[data-id="${id}"] .cancel`);
  button.setAttribute('disabled', '');
  say('');
  try {
    const { run, failure } = await cancelRun(id);
    if (run !== null) put(run);
    show();
    say(failure ?? '', id);
  } catch (error) {
    say(`The run may not be cancelled: ${Object(error).message}`, id);
  } finally {
    button.removeAttribute('disabled');
    // The keyboard stays in its row when the button goes.
    if (document.activeElement === document.body) (button.hidden ? shown.get(id)?.row : button)?.focus();
  }
}

/**
 * @param {string} text none takes the notice away
 * @param {string} [id] the run that it is about, whose next change takes the notice away
 */
function say(text, id) {
  noticeId = id;
  setText(element('#notice'), text);
  element('#notice').hidden = text === '';
}

/** Takes the notice away that is about a run, or about the list. @param {string | undefined} id */
function forget(id) {
  if (id === noticeId) say('');
}

/**
 * @param {'live' | 'lost'} state
 * @param {string} text
 */
function showConnection(state, text) {
  element('#connection').dataset['state'] = state;
  element('#retry').hidden = state === 'live';
  setText(element('#state'), text);
  showCountdown();
}

/** Beside the state, not in it: screen readers would read each second. */
function showCountdown() {
  const seconds = retryAt === undefined ? 0 : Math.ceil((retryAt - Date.now()) / 1000);
  setText(element('#countdown'), seconds > 0 ? `Retrying in ${seconds} s` : '');
}

element('#more').addEventListener('click', () => void readOlder());
element('#retry').addEventListener('click', () => retry());
setInterval(() => {
  for (const { run, row } of shown.values()) setText(element('time', row), timeOf(run));
  showCountdown();
}, 1000);

void followRuns({
  onConnected(hasGap) {
    retryAt = undefined;
    showConnection('live', 'Live');
    if (hasGap) for (const ms of READ_AFTER_MS) setTimeout(() => void readNewest(), ms);
  },
  onEvent({ kind, runId, run }) {
    changed.add(runId);
    if (kind === 'REMOVED' || run === null) shown.delete(runId);
    else put(run);
    forget(runId);
    show();
  },
  onLost(why, at, retryNow) {
    retryAt = at;
    retry = retryNow;
    showConnection('lost', why);
  },
});

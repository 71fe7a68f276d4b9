// What the page shows of runs and messages. Texts are never parsed as HTML.

/**
 * @import { Message, Run } from './types.d.ts'
 */

export const STATUSES = ['RUNNING', 'CREATED', 'COMPLETED', 'FAILED', 'CANCELLED'];

/**
 * @param {string} selector
 * @param {ParentNode} [parent]
 * @returns {HTMLElement}
 */
export function element(selector, parent = document) {
  const found = parent.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`The page has no element ${selector}.`);
  return found;
}

/** @param {Run} run */
export function isActive({ status }) {
  return status === 'CREATED' || status === 'RUNNING';
}

/**
 * A row of the list, without contents.
 *
 * @param {string} id
 * @param {{ onOpen: () => void, onCancel: () => void }} handlers
 */
export function createRow(id, { onOpen, onCancel }) {
  const template = element('#run');
  if (!(template instanceof HTMLTemplateElement)) throw new Error('#run is no template.');
  const row = element('.run', document.importNode(template.content, true));
  row.dataset['id'] = id;
  element('.open', row).addEventListener('click', onOpen);
  element('.cancel', row).addEventListener('click', onCancel);
  return row;
}

/**
 * @param {HTMLElement} row
 * @param {Run} run
 */
export function fillRow(row, run) {
  const name = run.agent?.name ?? run.agent?.id ?? 'no agent';
  const status = statusOf(run);
  row.dataset['status'] = status;
  setText(element('.status', row), status.toLowerCase());
  setText(element('.agent', row), name);
  setText(element('.id', row), run.id.slice(0, 12));
  element('.id', row).title = run.id;
  setText(element('.reason', row), reasonOf(run));
  const cancel = element('.cancel', row);
  cancel.hidden = !isActive(run);
  cancel.setAttribute('aria-label', `Cancel the run of ${name}, ${run.id.slice(0, 12)}`);
  fillTime(row, run);
}

/**
 * How long a run has been under way, or how long ago it was created.
 *
 * @param {HTMLElement} row
 * @param {Run} run
 */
export function fillTime(row, run) {
  const time = element('time', row);
  if (!(time instanceof HTMLTimeElement)) return;
  const since = Date.now() - Date.parse(run.createdAt);
  time.dateTime = run.createdAt;
  time.title = new Date(run.createdAt).toLocaleString();
  setText(time, isActive(run) ? `for ${duration(since)}` : `${duration(since)} ago`);
}

/** @param {Run} run */
export function statusOf({ status, rawStatus }) {
  return (status === 'UNRECOGNIZED' ? rawStatus : status) ?? 'UNKNOWN';
}

/** @param {Run} run */
export function reasonOf({ stopReason }) {
  return stopReason === null || stopReason === 'END_TURN'
    ? ''
    : stopReason.toLowerCase().replaceAll('_', ' ');
}

/** @param {number} ms */
function duration(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

/**
 * @param {Message} message
 * @returns {HTMLElement}
 */
export function messageItem(message) {
  const item = document.createElement('li');
  item.dataset['type'] = message.messageType;
  const kind = document.createElement('span');
  kind.className = 'kind';
  kind.textContent = message.messageType
    .replace(/_MESSAGE$/, '')
    .toLowerCase()
    .replaceAll('_', ' ');
  const text = document.createElement('p');
  text.textContent = contentOf(message);
  item.append(kind, text);
  return item;
}

/** @param {Message} message */
function contentOf({ text, reasoning, summary, toolCalls, toolReturns }) {
  if (toolCalls !== undefined) {
    return toolCalls.map(({ name, arguments: args }) => `${name ?? '?'}(${args ?? ''})`).join('\n');
  }
  if (toolReturns !== undefined) {
    return toolReturns
      .map(({ status, content }) => {
        const shown = typeof content === 'string' ? content : JSON.stringify(content);
        return status === 'ERROR' ? `failed: ${shown}` : shown;
      })
      .join('\n');
  }
  return text ?? reasoning ?? summary ?? '…';
}

/**
 * Sets a text if it is another one: screen readers and selections are left in peace.
 *
 * @param {HTMLElement} target
 * @param {string} text
 */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

// What was said in a run, and which tools were called.

import { html, useMemo } from '../../dom.js';
import { brief, fullTime, words } from '../../format.js';
import { Fold, StepLink } from './fold.js';
import { Json, LongText, MaybeJson } from './text.js';

const LABELS = new Map([
  ['USER_MESSAGE', 'User'],
  ['ASSISTANT_MESSAGE', 'Assistant'],
  ['SYSTEM_MESSAGE', 'System'],
  ['TOOL_CALL_MESSAGE', 'Tool call'],
  ['TOOL_RETURN_MESSAGE', 'Tool result'],
  ['APPROVAL_REQUEST_MESSAGE', 'Approval request'],
  ['APPROVAL_RESPONSE_MESSAGE', 'Approval'],
]);

/**
 * What came of calls. The ids of calls may repeat, so each takes the first one after it that is left.
 *
 * @template Found
 * @param {readonly any[]} messages
 * @param {(message: any) => readonly (Found & { toolCallId: string | null })[]} select
 * @returns {{ byCall: Map<any, Found>, taken: Set<Found> }} by the call
 */
function pair(messages, select) {
  /** @type {Map<string, any[]>} calls that have nothing yet, by id */
  const open = new Map();
  const byCall = new Map();
  const taken = new Set();
  for (const message of messages) {
    for (const call of message.toolCalls ?? []) {
      if (call.id !== null) open.set(call.id, [...(open.get(call.id) ?? []), call]);
    }
    for (const found of select(message)) {
      const call = open.get(found.toolCallId ?? '')?.shift();
      if (call === undefined) continue;
      byCall.set(call, found);
      taken.add(found);
    }
  }
  return { byCall, taken };
}

/** @param {{ messages: readonly any[], steps: readonly any[] }} props */
export function Conversation({ messages, steps }) {
  return useMemo(() => {
    const returns = pair(messages, ({ toolReturns = [] }) => toolReturns);
    const approvals = pair(messages, (message) => message.approvals ?? []);
    const numbers = new Map(steps.map(({ id, index }) => [id, index === null ? undefined : index + 1]));
    return html`<ol class="messages">
      ${messages.map((message) => {
        const content = contentOf(message, returns, approvals.byCall);
        if (content === undefined) return null;
        const { id, messageType, date, stepId, isError } = message;
        const number = numbers.get(stepId);
        return html`<li key=${id} data-type=${messageType} class=${isError ? 'is-error' : ''}>
          <p class="muted">
            <strong>${LABELS.get(messageType) ?? words(messageType.replace(/_MESSAGE$/, ''))}</strong>
            ${date !== null && html`<time datetime=${date} title=${fullTime(date)}>${timeOfDay(date)}</time>`}
            ${number !== undefined && html`<${StepLink} number=${number} />`}
          </p>
          ${content}
        </li>`;
      })}
    </ol>`;
  }, [messages, steps]);
}

/** @param {string} date */
const timeOfDay = (date) => new Date(date).toLocaleTimeString(undefined, { hourCycle: 'h23' });

/**
 * @param {any} message
 * @param {{ byCall: Map<any, any>, taken: Set<any> }} returns
 * @param {Map<any, any>} approvals
 * @returns {any} undefined for what is shown with another message
 */
function contentOf(message, returns, approvals) {
  const { messageType, text, parts, reasoning, state, summary, toolCalls, toolReturns, eventType, raw } =
    message;
  const alone = (toolReturns ?? []).filter((/** @type {any} */ found) => !returns.taken.has(found));
  if (toolCalls !== undefined) {
    const isRequest = messageType === 'APPROVAL_REQUEST_MESSAGE';
    return toolCalls.map(
      (/** @type {any} */ call) =>
        html`<${Call}
          call=${call}
          result=${returns.byCall.get(call)}
          approval=${approvals.get(call)}
          isRequest=${isRequest}
        />`,
    );
  }
  if (message.approvals !== undefined) {
    return html`${message.approvals.map((/** @type {any} */ found) => html`<${Approval} approval=${found} />`)}
    ${alone.map((/** @type {any} */ result) => html`<${Result} result=${result} />`)}`;
  }
  if (toolReturns !== undefined) {
    if (alone.length === 0 && toolReturns.length > 0) return undefined;
    return alone.map((/** @type {any} */ result) => html`<${Result} result=${result} />`);
  }
  if (text !== undefined) {
    const images = parts.filter((/** @type {any} */ { __typename }) => __typename === 'RunImagePart').length;
    const shown = html`${text && html`<${MaybeJson} text=${text} />`}
    ${images > 0 && html`<p class="muted">${images === 1 ? 'An image' : `${images} images`}, not shown here.</p>`}`;
    return messageType === 'SYSTEM_MESSAGE' ? html`<${Fold} title="Instructions">${shown}<//>` : shown;
  }
  if (reasoning !== undefined) {
    return html`<${Fold} title=${brief(reasoning ?? '', 160)}><${LongText} text=${reasoning ?? ''} /><//>`;
  }
  if (state !== undefined) return html`<p class="muted">${words(state ?? 'hidden')} by the provider.</p>`;
  if (summary !== undefined) return html`<${LongText} text=${summary ?? ''} />`;
  const [title, value] =
    eventType === undefined ? ['A kind of message that is new', raw] : [eventType, message.eventData];
  return html`<${Fold} title=${title}><${Json} value=${value} /><//>`;
}

/** @param {{ call: any, result: any, approval: any, isRequest: boolean }} props */
function Call({ call, result, approval, isRequest }) {
  const isFailed = result?.status === 'ERROR';
  const title = html`<code>${brief(call.name ?? '?')}</code>
    <span class="preview">${brief(call.arguments ?? '', 160)}</span>
    <span class=${isFailed ? 'failed-field' : 'muted'}>${outcomeOf(result, approval, isRequest)}</span>`;
  return html`<${Fold} class="call" title=${title} isOpen=${isFailed || (isRequest && !approval && !result)}>
    <h3>Arguments</h3>
    <${MaybeJson} text=${call.arguments ?? ''} />
    ${approval && html`<${Approval} approval=${approval} />`}
    ${result && html`<${Result} result=${result} />`}
  <//>`;
}

/**
 * @param {any} result
 * @param {any} approval
 * @param {boolean} isRequest
 */
function outcomeOf(result, approval, isRequest) {
  if (result?.status === 'ERROR') return 'failed';
  if (result) return 'done';
  if (approval) return decisionOf(approval).toLowerCase();
  return isRequest ? 'waiting for approval' : 'no result';
}

/** @param {{ approve: boolean | null }} approval */
const decisionOf = ({ approve }) => (approve === null ? 'Answered' : approve ? 'Approved' : 'Denied');

/** @param {{ approval: any }} props */
function Approval({ approval: { approve, reason } }) {
  return html`<p>
    <strong>${decisionOf({ approve })}</strong>
    ${reason && html`<${LongText} text=${reason} />`}
  </p>`;
}

/** @param {{ result: any }} props */
function Result({ result: { status, content, stdout, stderr } }) {
  return html`<h3 class=${status === 'ERROR' ? 'failed-field' : ''}>
      ${status === 'ERROR' ? 'Failed' : 'Result'}
    </h3>
    ${content === null ? html`<p class="muted">It has no text.</p>` : html`<${MaybeJson} text=${content} />`}
    ${[
      ['Output', stdout],
      ['Error output', stderr],
    ].map(
      ([label, lines]) =>
        lines?.length > 0 &&
        html`<h3>${label}</h3>
          <${LongText} text=${lines.join('\n')} />`,
    )}`;
}

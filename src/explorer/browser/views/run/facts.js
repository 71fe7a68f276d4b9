// What is known of a run, beside what happened in it.

import { html } from '../../dom.js';
import { brief, duration, shortTime, number } from '../../format.js';
import { hrefOf } from '../../router.js';
import { rowOf } from '../../runs.js';
import { isActive, stateOf } from '../../states.js';
import { Time, Took } from '../../widgets.js';
import { Definitions, Fold } from './fold.js';
import { Json } from './text.js';

/** @typedef {import('../../api.js').AnswerError} AnswerError */

/** @param {{ run: any, errors: readonly AnswerError[] }} props */
export function Facts({ run, errors }) {
  const { agent, metrics, usage, cost } = run;
  const hasStopped = run.completedAt !== null;
  const isWaiting = stateOf(run) === 'WAITING';
  const isOngoing = !isWaiting && isActive(stateOf(run));
  /** Why a field is missing that could not be read. */
  const failed = (/** @type {string} */ field) => {
    const error = errors.find(({ path = [] }) => path[1] === field);
    return error && html`<span class="failed-field">could not be read: ${error.message}</span>`;
  };
  const waited = metrics?.startedAt && (Date.parse(metrics.startedAt) - Date.parse(run.createdAt)) * 1e6;
  const took = { ...rowOf(run), durationNs: run.totalDurationNs ?? metrics?.durationNs ?? null };
  /** @type {readonly (readonly [string, any])[]} */
  const facts = [
    [
      'Agent',
      html`<a data-inside href=${hrefOf(`?agent=${encodeURIComponent(run.agentId)}`)}
          >${brief(agent?.name ?? run.agentId)}</a
        >
        ${agent === null && failed('agent')}`,
    ],
    ['Created', html`<${Time} at=${run.createdAt} /> <span class="muted">${shortTime(run.createdAt)}</span>`],
    ['Waited to start', waited > 1e9 && duration(waited)],
    [isWaiting ? 'Waiting since' : 'Ended', hasStopped && html`<${Time} at=${run.completedAt} />`],
    [isWaiting ? 'Took so far' : isOngoing ? 'Running for' : 'Took', html`<${Took} run=${took} />`],
    ['Time to first token', run.ttftNs !== null && duration(run.ttftNs)],
    ['Tokens', usage === null ? failed('usage') : html`<${Tokens} usage=${usage} />`],
    ['Cost', cost ? costText(cost) : failed('cost')],
    [
      'Models',
      usage?.byModel.length > 0 &&
        usage.byModel.map(
          (/** @type {any} */ { model, stepCount }) =>
            html`<div>
              ${brief(model ?? 'unknown')}
              <span class="muted">${number(stepCount)} ${stepCount === 1 ? 'step' : 'steps'}</span>
            </div>`,
        ),
    ],
    [
      'Conversation',
      run.conversationId !== null &&
        html`<a data-inside href=${hrefOf(`?conversation=${encodeURIComponent(run.conversationId)}`)}
          ><code>${brief(run.conversationId)}</code></a
        >`,
    ],
    ['Template', run.baseTemplateId && html`<code>${brief(run.baseTemplateId)}</code>`],
    ['In background', run.background === true && 'yes'],
    ['Callback', run.callbackUrl !== null && html`<${Callback} run=${run} />`],
  ];
  return html`<section class="facts" aria-label="Facts">
    <${Definitions} of=${facts} />
    ${
      run.metadata !== null &&
      html`<${Fold} title="Metadata" isOpen=${matchMedia('(min-width: 901px)').matches}
        ><${Json} value=${run.metadata}
      /><//>`
    }
  </section>`;
}

/** @param {{ usage: any }} props */
function Tokens({ usage }) {
  const kinds = [
    ['sent', usage.promptTokens],
    ['of these cached', usage.cachedInputTokens],
    ['written', usage.completionTokens],
    ['of these for reasoning', usage.reasoningTokens],
  ].filter(([, count]) => count !== null);
  return html`${number(usage.totalTokens)}
    <ul class="muted">
      ${kinds.map(([label, count]) => html`<li>${number(count)} ${label}</li>`)}
    </ul>`;
}

/** @param {{ amount: number, currency: string, isComplete: boolean }} cost */
const costText = ({ amount, currency, isComplete }) =>
  `${isComplete ? '' : 'at least '}${Number(amount.toPrecision(3))} ${currency}`;

/** @param {{ run: any }} props */
function Callback({ run }) {
  const { callbackUrl, callbackSentAt, callbackStatusCode, callbackError } = run;
  const isDelivered = callbackStatusCode >= 200 && callbackStatusCode < 300;
  const status = callbackStatusCode === null ? '' : ` (status ${callbackStatusCode})`;
  const outcome =
    callbackSentAt === null ? 'not sent yet' : `${isDelivered ? 'delivered' : 'not delivered'}${status}`;
  return html`<code>${brief(callbackUrl, 500)}</code>
    <div class=${isDelivered || callbackSentAt === null ? '' : 'failed-field'}>${outcome}</div>
    ${callbackSentAt !== null && html`<div><${Time} at=${callbackSentAt} /></div>`}
    ${callbackError !== null && html`<div class="failed-field">${brief(callbackError, 500)}</div>`}`;
}

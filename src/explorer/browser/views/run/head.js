// What comes first of a run: how it is, and why.

import { html } from '../../dom.js';
import { brief, words } from '../../format.js';
import { stateOf, tellsMore } from '../../states.js';
import { Fold, StepLink } from './fold.js';
import { Json, jsonOf, LongText } from './text.js';

/**
 * The text of an error, as Letta and its steps store it: a text, or an object that has one.
 *
 * @param {any} error
 * @returns {string | undefined}
 */
function textIn(error) {
  const text = typeof error === 'string' ? error : (error?.detail ?? error?.message);
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

/**
 * Why a run failed, from wherever it is said.
 *
 * @param {any} run
 * @param {readonly any[]} steps
 */
export function failureOf(run, steps) {
  const stored = run.metadata?.error;
  const step = steps.findLast(({ errorType, errorData }) => errorType !== null || errorData !== null);
  const reason = run.stopReason === null ? undefined : words(run.rawStopReason ?? run.stopReason);
  const named = step?.errorType ?? (run.stopReason === 'ERROR' ? undefined : reason);
  const text = textIn(stored) ?? textIn(step?.errorData) ?? named ?? 'The runs API does not say why.';
  const lines = text.split('\n');
  // A traceback ends with what it is about.
  const headline = text.startsWith('Traceback (') ? lines.at(-1) : lines[0];
  return {
    text,
    headline: brief(headline, 300),
    kinds: [reason, step?.errorType].filter((kind) => typeof kind === 'string' && kind !== text),
    step,
    details: stored ?? step?.errorData,
  };
}

/** @param {{ run: any, steps: readonly any[], messages: readonly any[] }} props */
export function Outcome({ run, steps, messages }) {
  const state = stateOf(run);
  if (state === 'FAILED') return html`<${Failure} run=${run} steps=${steps} messages=${messages} />`;
  if (state === 'WAITING') {
    const request = messages.findLast(({ messageType }) => messageType === 'APPROVAL_REQUEST_MESSAGE');
    const calls = request?.toolCalls ?? [];
    return html`<section class="outcome" data-state=${state}>
      <h2>Waiting for approval</h2>
      ${calls.map(
        (/** @type {any} */ call) =>
          html`<code>${brief(`${call.name ?? '?'}(${call.arguments ?? ''})`, 300)}</code>`,
      )}
      <p class="muted">It continues once this is approved in Letta. Until then it can be cancelled.</p>
    </section>`;
  }
  if (!tellsMore(run.stopReason)) return null;
  return html`<section class="outcome" data-state=${state}>
    <h2>Stopped: ${words(run.rawStopReason ?? run.stopReason)}</h2>
  </section>`;
}

/** @param {{ run: any, steps: readonly any[], messages: readonly any[] }} props */
function Failure({ run, steps, messages }) {
  const { text, headline, kinds, step, details } = failureOf(run, steps);
  const isCut = headline !== text;
  const tool = messages
    .flatMap(({ toolReturns = [] }) => toolReturns)
    .findLast(({ status }) => status === 'ERROR');
  return html`<section class="outcome" data-state="FAILED">
    <h2>${headline}</h2>
    <p class="muted">
      ${kinds.map((kind) => html`<span>${brief(kind)}</span>`)}
      ${step?.index != null && html`<${StepLink} number=${step.index + 1} />`}
    </p>
    ${
      tool !== undefined &&
      html`<p>The last tool error: <code>${brief(tool.content ?? jsonOf(tool.stderr), 300)}</code></p>`
    }
    ${
      (isCut || (typeof details === 'object' && details !== null)) &&
      html`<${Fold} title="All of the error">
        ${isCut ? html`<${LongText} text=${text} />` : html`<${Json} value=${details} />`}
      <//>`
    }
  </section>`;
}

// The steps of a run as a waterfall: how long each waited for its model, ran tools, and did anything else.

import { html } from '../../dom.js';
import { brief, duration, number, words } from '../../format.js';
import { Definitions, Fold } from './fold.js';
import { Json } from './text.js';

const SEGMENTS = /** @type {const} */ ([
  ['model', 'model'],
  ['tools', 'tools'],
  ['other', 'other'],
]);

/**
 * Where a step lies between the start and the end of all, from 0 to 1.
 *
 * @typedef {{ start: number, model: number, tools: number, other: number }} Bar
 */

/**
 * @param {readonly any[]} steps
 * @returns {{ bars: readonly (Bar | undefined)[], isPlaced: boolean }} a bar for each step that was measured;
 *   `isPlaced` if they lie where the steps began, else one comes after the other
 */
export function barsOf(steps) {
  const isPlaced = steps.every(({ timing }) => !timing?.totalNs || timing.startedAt !== null);
  let end = 0;
  const spans = steps.map(({ timing }) => {
    if (!timing?.totalNs) return undefined;
    const { startedAt, totalNs, modelNs, toolNs } = timing;
    const start = isPlaced ? Date.parse(startedAt) * 1e6 : end;
    end = start + totalNs;
    const model = Math.min(modelNs ?? 0, totalNs);
    const tools = Math.min(toolNs ?? 0, totalNs - model);
    return { start, end, model, tools, other: totalNs - model - tools };
  });
  const known = spans.filter((span) => span !== undefined);
  const from = Math.min(...known.map(({ start }) => start));
  const all = Math.max(...known.map((span) => span.end)) - from;
  const bars = spans.map(
    (span) =>
      span && {
        start: (span.start - from) / all,
        model: span.model / all,
        tools: span.tools / all,
        other: span.other / all,
      },
  );
  return { bars, isPlaced };
}

/** @param {{ steps: readonly any[] }} props */
export function Waterfall({ steps }) {
  const { bars, isPlaced } = barsOf(steps);
  const isMeasured = bars.some((bar) => bar !== undefined);
  const note = isMeasured
    ? !isPlaced && 'The runs API does not say when steps began, so each is drawn right after the one before.'
    : 'The runs API did not measure how long these steps took. They are in order.';
  return html`${
      isMeasured &&
      html`<p class="segments" aria-hidden="true">
        ${SEGMENTS.map(([name, label]) => html`<span data-segment=${name}>${label}</span>`)}
      </p>`
    }
    ${note && html`<p class="muted">${note}</p>`}
    <ol class="waterfall">
      ${steps.map((step, index) => html`<${Step} key=${step.id} step=${step} bar=${bars[index]} />`)}
    </ol>`;
}

/** @param {{ step: any, bar: Bar | undefined }} props */
function Step({ step, bar }) {
  const { index, status, rawStatus, model, toolNames, timing, errorType } = step;
  const number_ = index === null ? '' : index + 1;
  const tools = toolNames?.join(', ');
  const tokens =
    step.totalTokens !== null &&
    `${number(step.totalTokens)}, ${number(step.promptTokens ?? 0)} of them sent`;
  const parts = [
    timing?.modelNs && `model ${duration(timing.modelNs)}`,
    timing?.toolNs && `tools ${duration(timing.toolNs)}`,
  ].filter(Boolean);
  const title = html`<span class="number">${number_}</span>
    <span class="what">
      ${tools ? html`<code>${brief(tools, 200)}</code>` : brief(model ?? 'unknown model')}
      ${status === 'FAILED' && html`<strong class="failed-field">${brief(errorType ?? 'failed')}</strong>`}
      ${(status === 'PENDING' || status === 'CANCELLED') && html`<span class="muted">${words(status)}</span>`}
    </span>
    <span class="bar" aria-hidden="true" title=${parts.join(', ')}>
      ${
        bar &&
        SEGMENTS.map(
          ([name]) =>
            html`<i
              data-segment=${name}
              data-status=${status}
              style=${{ width: `${100 * bar[name]}%`, ...(name === 'model' && { marginLeft: `${100 * bar.start}%` }) }}
            ></i>`,
        )
      }
    </span>
    <span class="took">${duration(timing?.totalNs)}<span class="hidden">${parts.join(', ')}</span></span>`;
  return html`<li id=${`step-${number_}`}>
    <${Fold} title=${title}>
      <${Definitions}
        of=${[
          ['Status', words(rawStatus ?? status ?? 'unknown')],
          ['Model', brief(model ?? 'unknown')],
          ['Time', parts.join(', ') || 'not measured'],
          ['Stop reason', step.stopReason && words(step.stopReason)],
          ['Tokens', tokens],
        ]}
      />
      ${step.errorData !== null && html`<${Json} value=${step.errorData} />`}
    <//>
  </li>`;
}

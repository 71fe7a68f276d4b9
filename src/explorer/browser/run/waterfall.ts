import { html } from '../dom.ts';
import { brief, number, words } from '../format/text.ts';
import { duration } from '../format/time.ts';
import { Definitions, Fold } from '../parts/fold.ts';
import { Json } from '../parts/long-text.ts';
import { arePlaced, type Bar, barsOf } from './bars.ts';
import type { StepNode } from './nodes.ts';

const SEGMENTS = ['model', 'tools', 'other'] as const;
const colorOf = (name: string) => ({ '--color': `var(--${name})` });

/** The steps of a run over time: how long each waited for its model, ran tools, and did anything else. */
export function Waterfall({ steps }: { readonly steps: readonly StepNode[] }) {
  const bars = barsOf(steps);
  const isMeasured = bars.some((bar) => bar !== undefined);
  const note = isMeasured
    ? !arePlaced(steps) &&
      'The runs API does not say when steps began, so each is drawn right after the one before.'
    : 'The runs API did not measure how long these steps took. They are in order.';
  return html`${
      isMeasured &&
      html`<p class="segments line" aria-hidden="true">
        ${SEGMENTS.map((name) => html`<span class="swatch line" style=${colorOf(name)}>${name}</span>`)}
      </p>`
    }
    ${note && html`<p class="muted">${note}</p>`}
    <ol class="waterfall">
      ${steps.map((step, index) => html`<${Step} key=${step.id} step=${step} bar=${bars[index]} />`)}
    </ol>`;
}

function Step({ step, bar }: { readonly step: StepNode; readonly bar: Bar | undefined }) {
  const { status, rawStatus, stopReason, timing, errorType, totalTokens } = step;
  const model = brief(step.model ?? 'unknown model');
  const place = step.index === null ? '' : step.index + 1;
  const tools = step.toolNames?.join(', ');
  const parts = [
    timing?.modelNs && `model ${duration(timing.modelNs)}`,
    timing?.toolNs && `tools ${duration(timing.toolNs)}`,
  ]
    .filter(Boolean)
    .join(', ');
  const title = html`<span class="muted">${place}</span>
    <span class="line">
      ${tools ? html`<code>${brief(tools, 200)}</code>` : model}
      ${status === 'FAILED' && html`<strong class="bad">${brief(errorType ?? 'failed')}</strong>`}
      ${(status === 'PENDING' || status === 'CANCELLED') && html`<span class="muted">${words(status)}</span>`}
    </span>
    <span class="bar" aria-hidden="true" title=${parts}>
      ${
        bar &&
        SEGMENTS.map((name) => {
          const start = name === 'model' && { marginLeft: `${100 * bar.start}%` };
          return html`<i
            data-status=${status}
            style=${{ ...colorOf(name), width: `${100 * bar[name]}%`, ...start }}
          />`;
        })
      }
    </span>
    <span class="took">${duration(timing?.totalNs)}<span class="hidden">${parts}</span></span>`;
  const sent = number(step.promptTokens ?? 0);
  return html`<li id=${`step-${place}`}>
    <${Fold} title=${title}>
      <${Definitions}
        of=${[
          ['Status', words(rawStatus ?? status ?? 'unknown')],
          ['Model', model],
          ['Time', parts || 'not measured'],
          ['Stop reason', stopReason && words(stopReason)],
          ['Tokens', totalTokens !== null && `${number(totalTokens)}, ${sent} of them sent`],
        ]}
      />
      ${step.errorData !== null && html`<${Json} value=${step.errorData} />`}
    <//>
  </li>`;
}

import { Fold } from '../components/fold.ts';
import { LongText } from '../components/long-text.ts';
import type { Facts, Message, Step } from '../documents/run.ts';
import { brief, words } from '../format/text.ts';
import { html } from '../preact.ts';
import { hasNotableStopReason, stateOf } from '../runs/states.ts';
import { failureOf } from './failure.ts';
import { StepLink } from './waterfall.ts';

interface Props {
  readonly run: Facts;
  readonly steps: readonly Step[];
  readonly messages: readonly Message[];
}

/** How a run ended, and why. Nothing for a run that ended as usual. */
export function Outcome({ run, steps, messages }: Props) {
  const state = stateOf(run);
  const content =
    state === 'FAILED'
      ? html`<${Failed} run=${run} steps=${steps} messages=${messages} />`
      : hasNotableStopReason(run) &&
        html`<h2>Stopped: ${words(run.rawStopReason ?? run.stopReason ?? '')}</h2>`;
  return content && html`<section class="outcome card" data-state=${state}>${content}</section>`;
}

function Failed({ run, steps, messages }: Props) {
  const { text, headline, names, step, details } = failureOf(run, steps);
  const tool = messages
    .flatMap(({ toolReturns = [] }) => toolReturns)
    .findLast(({ status }) => status === 'ERROR');
  const rest = headline === text ? details : text;
  return html`<h2>${headline}</h2>
    <p class="line muted">
      ${names.map((name) => html`<span>${brief(name)}</span>`)}
      ${typeof step?.index === 'number' && html`<${StepLink} position=${step.index + 1} />`}
    </p>
    ${
      tool &&
      tool.content !== text &&
      html`<p class="line">
        The last tool error: <code>${brief(tool.content ?? tool.stderr?.join('\n') ?? '', 300)}</code>
      </p>`
    }
    ${
      rest !== headline &&
      rest !== undefined &&
      html`<${Fold} title="Full error"><${LongText} value=${rest} /><//>`
    }`;
}

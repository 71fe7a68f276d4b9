import { Fold } from '../components/fold.ts';
import { LongText } from '../components/long-text.ts';
import type { Facts } from '../documents/run.ts';
import { brief, words } from '../format/text.ts';
import type { AnswerError } from '../gateway/api-error.ts';
import { html } from '../preact.ts';
import { hasNotableStopReason, stateOf } from '../runs/states.ts';
import { StepLink } from './waterfall.ts';

interface Props {
  readonly run: Facts;
  readonly errors: readonly AnswerError[];
}

/** How a run ended, and why. Nothing for a run that ended as usual. */
export function Outcome({ run, errors }: Props) {
  const error = errors.find(({ path = [] }) => path[1] === 'failure');
  const content = run.failure
    ? contentOf(run.failure, run.metadata)
    : hasNotableStopReason(run) && html`<h2>Stopped: ${words(run.rawStopReason ?? '')}</h2>`;
  return (
    (content || error) &&
    html`<section class="outcome card" data-state=${stateOf(run)}>
      ${content} ${error && html`<p class="bad">Why could not be read: ${error.message}</p>`}
    </section>`
  );
}

function contentOf(failure: NonNullable<Facts['failure']>, metadata: unknown) {
  const { message, code, source, step, toolError } = failure;
  const stored: unknown = source === 'METADATA' ? Object(metadata).error : step?.errorData;
  const tool = toolError?.message;
  return html`<h2>${brief(message, 300)}</h2>
    <p class="line muted">
      ${code && html`<code>${brief(code)}</code>`}
      ${typeof step?.index === 'number' && html`<${StepLink} position=${step.index + 1} />`}
    </p>
    ${tool && tool !== message && html`<p class="line">The last tool error: <code>${brief(tool, 300)}</code></p>`}
    ${stored && stored !== message && html`<${Fold} title="Full error"><${LongText} value=${stored} /><//>`}`;
}

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
    ? html`<${Failure} run=${run} failure=${run.failure} />`
    : hasNotableStopReason(run) && html`<h2>Stopped: ${words(run.rawStopReason ?? '')}</h2>`;
  return (
    (content || error) &&
    html`<section class="outcome card" data-state=${stateOf(run)}>
      ${content} ${error && html`<p class="bad">Why could not be read: ${error.message}</p>`}
    </section>`
  );
}

interface FailureProps {
  readonly run: Facts;
  readonly failure: NonNullable<Facts['failure']>;
}

function Failure({ run: { metadata }, failure }: FailureProps) {
  const { message, code, source, step, toolError } = failure;
  const details: unknown = source === 'METADATA' ? Object(metadata).error : step?.errorData;
  return html`<h2>${brief(message, 300)}</h2>
    <p class="line muted">
      ${code && html`<code>${brief(code)}</code>`}
      ${typeof step?.index === 'number' && html`<${StepLink} position=${step.index + 1} />`}
    </p>
    ${
      toolError?.message &&
      toolError.message !== message &&
      html`<p class="line">The last tool error: <code>${brief(toolError.message, 300)}</code></p>`
    }
    ${
      details && details !== message && html`<${Fold} title="Full error"><${LongText} value=${details} /><//>`
    }`;
}

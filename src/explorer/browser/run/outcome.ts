import { html } from '../dom.ts';
import { jsonOf } from '../format/json.ts';
import { brief, words } from '../format/text.ts';
import { Fold, StepLink } from '../parts/fold.ts';
import { Json, LongText } from '../parts/long-text.ts';
import { stateOf, tellsMore } from '../runs/states.ts';
import { failureOf } from './failure.ts';
import type { Facts, Message, StepNode } from './nodes.ts';

interface Props {
  readonly run: Facts;
  readonly steps: readonly StepNode[];
  readonly messages: readonly Message[];
}

/** What comes first of a run: how it ended, and why. */
export function Outcome({ run, steps, messages }: Props) {
  const state = stateOf(run);
  const content =
    state === 'FAILED'
      ? html`<${Failed} run=${run} steps=${steps} messages=${messages} />`
      : state === 'WAITING'
        ? html`<${Waiting} messages=${messages} />`
        : tellsMore(run) && html`<h2>Stopped: ${words(run.rawStopReason ?? run.stopReason ?? '')}</h2>`;
  return content && html`<section class="outcome card" data-state=${state}>${content}</section>`;
}

function Waiting({ messages }: Pick<Props, 'messages'>) {
  const request = messages.findLast(({ __typename }) => __typename === 'RunApprovalRequestMessage');
  const calls = request && 'toolCalls' in request ? request.toolCalls : [];
  return html`<h2>Waiting for approval</h2>
    ${calls.map(({ name, arguments: text }) => html`<code>${brief(`${name ?? '?'}(${text ?? ''})`, 300)}</code>`)}
    <p class="muted">It continues once this is approved in Letta. Until then it can be cancelled.</p>`;
}

function Failed({ run, steps, messages }: Props) {
  const { text, headline, kinds, step, details } = failureOf(run, steps);
  const tool = messages
    .flatMap((message) => ('toolReturns' in message ? message.toolReturns : []))
    .findLast(({ status }) => status === 'ERROR');
  const isCut = headline !== text;
  const hasMore = isCut || (typeof details === 'object' && details !== null);
  return html`<h2>${headline}</h2>
    <p class="line muted">
      ${kinds.map((kind) => html`<span>${brief(kind)}</span>`)}
      ${typeof step?.index === 'number' && html`<${StepLink} number=${step.index + 1} />`}
    </p>
    ${
      tool &&
      html`<p class="line">
        The last tool error: <code>${brief(tool.content ?? jsonOf(tool.stderr), 300)}</code>
      </p>`
    }
    ${
      hasMore &&
      html`<${Fold} title="All of the error">
        ${isCut ? html`<${LongText} text=${text} />` : html`<${Json} value=${details} />`}
      <//>`
    }`;
}

import { type ComponentChildren, html, useMemo } from '../dom.ts';
import { brief, words } from '../format/text.ts';
import { fullTime } from '../format/time.ts';
import { Fold, StepLink } from '../parts/fold.ts';
import { Json, LongText, MaybeJson } from '../parts/long-text.ts';
import type { Message, StepNode } from './nodes.ts';
import { Approval, Call, pairCalls, Result } from './tool-calls.ts';

/** Names of messages that aren't those of their types. */
const LABELS: Partial<Record<Message['messageType'], string>> = {
  TOOL_RETURN_MESSAGE: 'Tool result',
  APPROVAL_RESPONSE_MESSAGE: 'Approval',
};

interface Props {
  readonly messages: readonly Message[];
  readonly steps: readonly StepNode[];
}

/** What was said in a run, and which tools were called. */
export function Conversation({ messages, steps }: Props) {
  return useMemo(() => {
    const contentOf = contentsOf(messages);
    const numbers = new Map(steps.map(({ id, index }) => [id, index === null ? undefined : index + 1]));
    return html`<ol class="messages">
      ${messages.map((message) => {
        const content = contentOf(message);
        if (content === undefined) return null;
        const { id, messageType, date, stepId, isError } = message;
        const number = numbers.get(stepId ?? '');
        const time = date !== null && new Date(date).toLocaleTimeString(undefined, { hourCycle: 'h23' });
        return html`<li key=${id} data-type=${messageType} class=${isError ? 'is-error' : ''}>
          <p class="line muted">
            <strong>${LABELS[messageType] ?? words(messageType.replace(/_MESSAGE$/, ''))}</strong>
            ${date !== null && html`<time datetime=${date} title=${fullTime(date)}>${time}</time>`}
            ${number !== undefined && html`<${StepLink} number=${number} />`}
          </p>
          ${content}
        </li>`;
      })}
    </ol>`;
  }, [messages, steps]);
}

/** Returns what shows a message; undefined for one that is shown with another. */
function contentsOf(messages: readonly Message[]): (message: Message) => ComponentChildren {
  const results = pairCalls(messages, (message) => ('toolReturns' in message ? message.toolReturns : []));
  const approvals = pairCalls(messages, (message) => ('approvals' in message ? message.approvals : []));
  return (message) => {
    const returns = 'toolReturns' in message ? message.toolReturns : [];
    const alone = returns
      .filter((result) => !results.taken.has(result))
      .map((result) => html`<${Result} result=${result} />`);
    switch (message.__typename) {
      case 'RunToolCallMessage':
      case 'RunApprovalRequestMessage':
        return message.toolCalls.map(
          (call) =>
            html`<${Call}
              call=${call}
              result=${results.byCall.get(call)}
              approval=${approvals.byCall.get(call)}
              isRequest=${message.__typename === 'RunApprovalRequestMessage'}
            />`,
        );
      case 'RunApprovalResponseMessage':
        return [message.approvals.map((approval) => html`<${Approval} approval=${approval} />`), alone];
      case 'RunToolReturnMessage':
        return alone.length === 0 && returns.length > 0 ? undefined : alone;
      case 'RunReasoningMessage':
        return html`<${Fold} title=${brief(message.reasoning ?? '', 160)}>
          <${LongText} text=${message.reasoning ?? ''} />
        <//>`;
      case 'RunHiddenReasoningMessage':
        return html`<p class="muted">${words(message.state ?? 'hidden')} by the provider.</p>`;
      case 'RunSummaryMessage':
        return html`<${LongText} text=${message.summary ?? ''} />`;
      case 'RunEventMessage':
        return html`<${Fold} title=${message.eventType ?? ''}><${Json} value=${message.eventData} /><//>`;
      case 'RunSystemMessage':
        return html`<${Fold} title="Instructions"><${Text} message=${message} /><//>`;
      case 'RunUserMessage':
      case 'RunAssistantMessage':
        return html`<${Text} message=${message} />`;
      case 'RunUnrecognizedMessage':
    }
    return html`<${Fold} title="A kind of message that is new"><${Json} value=${message.raw} /><//>`;
  };
}

function Text({ message: { text, parts } }: { readonly message: Extract<Message, { text: unknown }> }) {
  const images = parts.filter(({ __typename }) => __typename === 'RunImagePart').length;
  return html`${text && html`<${MaybeJson} text=${text} />`}
  ${images > 0 && html`<p class="muted">${images === 1 ? 'An image' : `${images} images`}, not shown here.</p>`}`;
}

import type { Message, Step } from '../documents/run.ts';
import { html, useMemo } from '../dom.ts';
import { brief, words } from '../format/text.ts';
import { clockTime, fullTime } from '../format/time.ts';
import { Fold, StepLink } from '../parts/fold.ts';
import { LongText } from '../parts/long-text.ts';
import { Approval, Call, pairCalls, Result } from './tool-calls.ts';

type ByType = Partial<Record<Message['messageType'], string>>;
/** Names of messages that aren't those of their types. */
const LABELS: ByType = { TOOL_RETURN_MESSAGE: 'Tool result', APPROVAL_RESPONSE_MESSAGE: 'Approval' };
/** Titles of messages that are folded. Those of reasoning and events are their own. */
const TITLES: ByType = { SYSTEM_MESSAGE: 'Instructions', UNRECOGNIZED: 'A kind of message that is new' };

interface Props {
  readonly messages: readonly Message[];
  readonly steps: readonly Step[];
}

/** What was said in a run, and which tools were called. */
export function Conversation({ messages, steps }: Props) {
  return useMemo(() => {
    const results = pairCalls(messages, ({ toolReturns }) => toolReturns);
    const approvals = pairCalls(messages, (message) => message.approvals);
    const taken = new Set(results.values());
    const numbers = new Map(steps.map(({ id, index }) => [id, index === null ? undefined : index + 1]));
    return html`<ol class="messages">
      ${messages.map((message) => {
        const { id, messageType, date, stepId, isError, toolCalls = [], toolReturns = [] } = message;
        const others = toolReturns.filter((result) => !taken.has(result));
        // What it returned is shown with the calls.
        if (messageType === 'TOOL_RETURN_MESSAGE' && toolReturns.length > 0 && others.length === 0)
          return null;
        const number = numbers.get(stepId ?? '');
        return html`<li key=${id} data-type=${messageType} class=${isError ? 'is-error' : ''}>
          <p class="line muted">
            <strong>${LABELS[messageType] ?? words(messageType.replace(/_MESSAGE$/, ''))}</strong>
            ${date !== null && html`<time datetime=${date} title=${fullTime(date)}>${clockTime(date)}</time>`}
            ${number !== undefined && html`<${StepLink} number=${number} />`}
          </p>
          <${Body} message=${message} />
          ${toolCalls.map(
            (call) =>
              html`<${Call}
                call=${call}
                result=${results.get(call)}
                approval=${approvals.get(call)}
                isRequest=${messageType === 'APPROVAL_REQUEST_MESSAGE'}
              />`,
          )}
          ${message.approvals?.map((approval) => html`<${Approval} approval=${approval} />`)}
          ${others.map((result) => html`<${Result} result=${result} />`)}
        </li>`;
      })}
    </ol>`;
  }, [messages, steps]);
}

/** What a message says by itself, whatever its type. */
function Body({ message }: { readonly message: Message }) {
  const { messageType, text, parts = [], reasoning, summary, state, eventType, eventData, raw } = message;
  const images = parts.filter(({ __typename }) => __typename === 'RunImagePart').length;
  const value = text ?? reasoning ?? summary ?? eventData ?? raw;
  const title = TITLES[messageType] ?? eventType ?? brief(reasoning ?? '', 160);
  const content = value && html`<${LongText} value=${value} />`;
  return html`${content && title ? html`<${Fold} title=${title}>${content}<//>` : content}
  ${messageType === 'HIDDEN_REASONING_MESSAGE' && html`<p class="muted">${words(state ?? 'hidden')} by the provider.</p>`}
  ${images > 0 && html`<p class="muted">${images === 1 ? 'An image' : `${images} images`}, not shown here.</p>`}`;
}

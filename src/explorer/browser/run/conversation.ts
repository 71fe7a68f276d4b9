import type { ExplorerCallFragment, ExplorerResultFragment } from '../__generated__/graphql.ts';
import { Fold, LongText } from '../components/fold.ts';
import type { Message, Step } from '../documents/run.ts';
import { brief, words } from '../format/text.ts';
import { clockTime, fullTime } from '../format/time.ts';
import { html, useMemo } from '../preact.ts';
import { StepLink } from './waterfall.ts';

type ByType = Partial<Record<Message['messageType'], string>>;
/** Labels of messages that differ from the name of the type. */
const LABELS: ByType = { TOOL_RETURN_MESSAGE: 'Tool result', APPROVAL_RESPONSE_MESSAGE: 'Approval' };
/** Titles of folded messages. Reasoning and events have titles of their own. */
const TITLES: ByType = { SYSTEM_MESSAGE: 'Instructions', UNRECOGNIZED: 'A new type of message' };

interface Props {
  readonly messages: readonly Message[];
  readonly steps: readonly Step[];
}

/** The messages of a run, with its tool calls. */
export function Conversation({ messages, steps }: Props) {
  return useMemo(() => {
    const results = pairCalls(messages, ({ toolReturns }) => toolReturns);
    const approvals = pairCalls(messages, (message) => message.approvals);
    const shownResults = new Set(results.values());
    const numbers = new Map(steps.map(({ id, index }) => [id, index === null ? undefined : index + 1]));
    return html`<ol class="messages">
      ${messages.map((message) => {
        const { id, messageType, date, stepId, isError, toolCalls = [], toolReturns = [] } = message;
        const others = toolReturns.filter((result) => !shownResults.has(result));
        // The results are shown with their calls.
        if (messageType === 'TOOL_RETURN_MESSAGE' && toolReturns.length > 0 && others.length === 0)
          return null;
        const number = numbers.get(stepId ?? '');
        return html`<li key=${id} data-type=${messageType} class=${isError ? 'is-error' : ''}>
          <p class="line muted">
            <strong>${LABELS[messageType] ?? words(messageType.replace(/_MESSAGE$/, ''))}</strong>
            ${date !== null && html`<time datetime=${date} title=${fullTime(date)}>${clockTime(date)}</time>`}
            ${number !== undefined && html`<${StepLink} position=${number} />`}
          </p>
          <${Body} message=${message} />
          ${toolCalls.map(
            (call) =>
              html`<${Call} call=${call} result=${results.get(call)} approval=${approvals.get(call)} />`,
          )}
          ${message.approvals?.map((approval) => html`<${Decision} approval=${approval} />`)}
          ${others.map((result) => html`<${Result} result=${result} />`)}
        </li>`;
      })}
    </ol>`;
  }, [messages, steps]);
}

/** The content of a message without its calls and results. */
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

type ApprovalNode = NonNullable<Message['approvals']>[number];

/** Finds the result of each call. Ids of calls may repeat, so each call takes the first unused result after it. */
function pairCalls<Result extends { readonly toolCallId: string | null }>(
  messages: readonly Message[],
  select: (message: Message) => readonly Result[] | undefined,
): ReadonlyMap<ExplorerCallFragment, Result> {
  const open = new Map<string | null, ExplorerCallFragment[]>();
  const byCall = new Map<ExplorerCallFragment, Result>();
  for (const message of messages) {
    for (const call of message.toolCalls ?? []) open.set(call.id, [...(open.get(call.id) ?? []), call]);
    for (const result of select(message) ?? []) {
      const call = open.get(result.toolCallId)?.shift();
      if (call !== undefined) byCall.set(call, result);
    }
  }
  return byCall;
}

interface CallProps {
  readonly call: ExplorerCallFragment;
  readonly result: ExplorerResultFragment | undefined;
  readonly approval: ApprovalNode | undefined;
}

/** A call of a tool, with its approval and its result. */
function Call({ call, result, approval }: CallProps) {
  const isFailed = result?.status === 'ERROR';
  const decision = approval ? decisionOf(approval).toLowerCase() : 'no result';
  const outcome = result ? (isFailed ? 'failed' : 'done') : decision;
  const title = html`<code>${brief(call.name ?? '?')}</code>
    <span class="preview">${brief(call.arguments ?? '', 160)}</span>
    <span class=${isFailed ? 'bad' : 'muted'}>${outcome}</span>`;
  return html`<${Fold} class="call" title=${title} isOpen=${isFailed}>
    <h3>Arguments</h3>
    <${LongText} value=${call.arguments ?? ''} />
    ${approval && html`<${Decision} approval=${approval} />`}
    ${result && html`<${Result} result=${result} />`}
  <//>`;
}

const decisionOf = ({ approve }: ApprovalNode): string =>
  approve === null ? 'Answered' : approve ? 'Approved' : 'Denied';

/** The decision about a call. */
export function Decision({ approval }: { readonly approval: ApprovalNode }) {
  return html`<p>
    <strong>${decisionOf(approval)}</strong>
    ${approval.reason && html`<${LongText} value=${approval.reason} />`}
  </p>`;
}

/** The result of a tool. */
function Result({ result }: { readonly result: ExplorerResultFragment }) {
  const { status, content, stdout, stderr } = result;
  const streams = Object.entries({ Output: stdout, 'Error output': stderr });
  return html`<h3 class=${status === 'ERROR' ? 'bad' : ''}>${status === 'ERROR' ? 'Failed' : 'Result'}</h3>
    ${content === null ? html`<p class="muted">It has no text.</p>` : html`<${LongText} value=${content} />`}
    ${streams.map(
      ([label, lines]) =>
        lines?.length &&
        html`<h3>${label}</h3>
          <${LongText} value=${lines.join('\n')} />`,
    )}`;
}

import type { ExplorerCallFragment, ExplorerResultFragment } from '../__generated__/graphql.ts';
import type { Message } from '../documents/run.ts';
import { html } from '../dom.ts';
import { brief } from '../format/text.ts';
import { Fold } from '../parts/fold.ts';
import { LongText } from '../parts/long-text.ts';

type ApprovalNode = NonNullable<Message['approvals']>[number];

/** Finds what came of calls. The ids of calls may repeat, so each takes the first one after it that is left. */
export function pairCalls<Found extends { readonly toolCallId: string | null }>(
  messages: readonly Message[],
  select: (message: Message) => readonly Found[] | undefined,
): ReadonlyMap<ExplorerCallFragment, Found> {
  const open = new Map<string | null, ExplorerCallFragment[]>();
  const byCall = new Map<ExplorerCallFragment, Found>();
  for (const message of messages) {
    for (const call of message.toolCalls ?? []) open.set(call.id, [...(open.get(call.id) ?? []), call]);
    for (const found of select(message) ?? []) {
      const call = open.get(found.toolCallId)?.shift();
      if (call !== undefined) byCall.set(call, found);
    }
  }
  return byCall;
}

interface CallProps {
  readonly call: ExplorerCallFragment;
  readonly result: ExplorerResultFragment | undefined;
  readonly approval: ApprovalNode | undefined;
  /** Whether it waits for approval at first. */
  readonly isRequest: boolean;
}

/** A call of a tool, with what came of it. */
export function Call({ call, result, approval, isRequest }: CallProps) {
  const isFailed = result?.status === 'ERROR';
  const isWaiting = isRequest && !approval && !result;
  const outcome = result
    ? isFailed
      ? 'failed'
      : 'done'
    : approval
      ? decisionOf(approval).toLowerCase()
      : isWaiting
        ? 'waiting for approval'
        : 'no result';
  const title = html`<code>${brief(call.name ?? '?')}</code>
    <span class="preview">${brief(call.arguments ?? '', 160)}</span>
    <span class=${isFailed ? 'bad' : 'muted'}>${outcome}</span>`;
  return html`<${Fold} class="call" title=${title} isOpen=${isFailed || isWaiting}>
    <h3>Arguments</h3>
    <${LongText} value=${call.arguments ?? ''} />
    ${approval && html`<${Approval} approval=${approval} />`}
    ${result && html`<${Result} result=${result} />`}
  <//>`;
}

const decisionOf = ({ approve }: ApprovalNode): string =>
  approve === null ? 'Answered' : approve ? 'Approved' : 'Denied';

/** The decision about a call. */
export function Approval({ approval }: { readonly approval: ApprovalNode }) {
  return html`<p>
    <strong>${decisionOf(approval)}</strong>
    ${approval.reason && html`<${LongText} value=${approval.reason} />`}
  </p>`;
}

/** What a tool returned. */
export function Result({ result }: { readonly result: ExplorerResultFragment }) {
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

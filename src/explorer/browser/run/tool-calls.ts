import type { ExplorerCallFragment, ExplorerResultFragment } from '../__generated__/graphql.ts';
import { Fold } from '../components/fold.ts';
import { LongText } from '../components/long-text.ts';
import type { Message } from '../documents/run.ts';
import { brief } from '../format/text.ts';
import { html } from '../preact.ts';

type ApprovalNode = NonNullable<Message['approvals']>[number];

interface CallProps {
  readonly call: ExplorerCallFragment;
  readonly result: ExplorerResultFragment | undefined;
  readonly approval: ApprovalNode | undefined;
}

/** A call of a tool, with its approval and its result. */
export function Call({ call, result, approval }: CallProps) {
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

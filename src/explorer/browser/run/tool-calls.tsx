import type { ExplorerCallFragment, ExplorerResultFragment } from '../__generated__/graphql.ts';
import { Fold } from '../components/fold.tsx';
import { LongText } from '../components/long-text.tsx';
import type { Message } from '../documents/run.ts';
import { brief } from '../format/text.ts';

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
  const title = (
    <>
      <code>{brief(call.name ?? '?')}</code>
      <span class="preview">{brief(call.arguments ?? '', 160)}</span>
      <span class={isFailed ? 'bad' : 'muted'}>{outcome}</span>
    </>
  );
  return (
    <Fold class="call" title={title} isOpen={isFailed}>
      <h3>Arguments</h3>
      <LongText value={call.arguments ?? ''} />
      {approval && <Decision approval={approval} />}
      {result && <Result result={result} />}
    </Fold>
  );
}

const decisionOf = ({ approve }: ApprovalNode): string =>
  approve === null ? 'Answered' : approve ? 'Approved' : 'Denied';

export function Decision({ approval }: { readonly approval: ApprovalNode }) {
  return (
    <p>
      <strong>{decisionOf(approval)}</strong>
      {approval.reason && <LongText value={approval.reason} />}
    </p>
  );
}

export function Result({ result }: { readonly result: ExplorerResultFragment }) {
  const { status, content, stdout, stderr } = result;
  const streams = Object.entries({ Output: stdout, 'Error output': stderr });
  return (
    <>
      <h3 class={status === 'ERROR' ? 'bad' : ''}>{status === 'ERROR' ? 'Failed' : 'Result'}</h3>
      {content === null ? <p class="muted">It has no text.</p> : <LongText value={content} />}
      {streams.map(
        ([label, lines]) =>
          lines?.length && (
            <>
              <h3>{label}</h3>
              <LongText value={lines.join('\n')} />
            </>
          ),
      )}
    </>
  );
}

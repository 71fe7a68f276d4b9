import type { ExplorerRowFragment } from '../__generated__/graphql.ts';
import type { PendingRun } from '../documents/approvals.ts';
import { shortId } from '../format/text.ts';
import { access } from '../gateway/query.ts';
import { html, useRef, useState } from '../preact.ts';
import { hrefOf } from '../router.ts';
import { useAgentName } from '../runs/agent-names.ts';
import { cancelRun, findDenied } from '../runs/cancel-run.ts';
import { callsText } from '../runs/pending.ts';
import { isActive } from '../runs/states.ts';
import { useStore } from '../store.ts';

interface Props {
  readonly run: ExplorerRowFragment;
  /** Whether the default conversation of its agent waits with this run. */
  readonly isWaiting: boolean;
  /** Called with the cancelled run. */
  readonly onDone?: (run: ExplorerRowFragment) => void;
}

/** Cancels a run, after a confirmation. Not shown for a run that has ended, nor to those who may not write. */
export function CancelButton({ run, isWaiting, onDone }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isSending, setSending] = useState(false);
  /** Null if no other run waits, undefined until that is read. */
  const [denied, setDenied] = useState<PendingRun | null>();
  const mayWrite = useStore(access, (current) => current.mayWrite);
  const name = `${useAgentName(run.agentId)} (${shortId(run.id)})`;
  if (!mayWrite || !(isActive(run) || isWaiting)) return null;
  const ask = async (): Promise<void> => {
    dialog.current?.showModal();
    setDenied(undefined);
    // Where it can't be read, the gateway cancels nothing that would deny another request.
    setDenied((await findDenied(run).catch(() => null)) ?? null);
  };
  const cancel = async (): Promise<void> => {
    setSending(true);
    const cancelled = await cancelRun(run.id, name, denied ? [denied.id] : []);
    setSending(false);
    if (cancelled !== undefined) onDone?.(cancelled);
  };
  return html`<button
      type="button"
      class="small"
      disabled=${isSending}
      aria-label=${`Cancel ${name}`}
      onClick=${() => void ask()}
    >
      ${isSending ? 'Cancelling…' : 'Cancel'}
    </button>
    <dialog ref=${dialog} class="overlay" aria-label="Cancel this run?" closedby="any">
      <form method="dialog" class="dialog">
        <h2>Cancel this run?</h2>
        <p>
          ${
            isWaiting
              ? `This denies what ${name} waits for, and ends it.`
              : `${name} stops after its current step. What it has done so far stays.`
          }
        </p>
        <div role="status">
          ${denied === undefined && 'Looking whether this would deny the request of another run…'}
          ${
            denied &&
            html`<p>
                <strong>This also denies</strong> what ${' '}<a href=${hrefOf(`runs/${denied.id}`)}
                  >another run</a
                >
                of this agent waits for:
              </p>
              <code>${callsText(denied)}</code>`
          }
        </div>
        <p class="line end">
          <button>Keep it</button>
          <button class="bad" disabled=${denied === undefined} onClick=${() => void cancel()}>
            ${denied ? 'Cancel it, and deny that request' : 'Cancel the run'}
          </button>
        </p>
      </form>
    </dialog>`;
}

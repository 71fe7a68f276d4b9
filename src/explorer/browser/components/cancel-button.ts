import type { ExplorerRowFragment } from '../__generated__/graphql.ts';
import { shortId } from '../format/text.ts';
import { options } from '../page-options.ts';
import { html, useRef, useState } from '../preact.ts';
import { useAgentName } from '../runs/agent-names.ts';
import { cancelRun } from '../runs/cancel-run.ts';
import { isActive } from '../runs/states.ts';

interface Props {
  readonly run: ExplorerRowFragment;
  /** Called with the cancelled run. */
  readonly onDone?: (run: ExplorerRowFragment) => void;
}

/** Cancels a run, after a confirmation. Not shown for a run that has ended, or if the gateway is read-only. */
export function CancelButton({ run, onDone }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isSending, setSending] = useState(false);
  const name = `${useAgentName(run.agentId)} (${shortId(run.id)})`;
  if (options.isReadOnly || !isActive(run)) return null;
  const cancel = async (): Promise<void> => {
    setSending(true);
    const cancelled = await cancelRun(run.id, name);
    setSending(false);
    if (cancelled !== undefined) onDone?.(cancelled);
  };
  return html`<button
      type="button"
      class="small"
      disabled=${isSending}
      aria-label=${`Cancel ${name}`}
      onClick=${() => dialog.current?.showModal()}
    >
      ${isSending ? 'Cancelling…' : 'Cancel'}
    </button>
    <dialog ref=${dialog} class="overlay" aria-label="Cancel this run?" closedby="any">
      <form method="dialog" class="dialog">
        <h2>Cancel this run?</h2>
        <p>${name} stops after its current step. What it has done so far stays.</p>
        <p class="line end">
          <button>Keep it</button>
          <button class="bad" onClick=${() => void cancel()}>Cancel the run</button>
        </p>
      </form>
    </dialog>`;
}

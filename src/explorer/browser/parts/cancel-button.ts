import type { ExplorerRowFragment } from '../__generated__/graphql.ts';
import { html, useState } from '../dom.ts';
import { shortId } from '../format/text.ts';
import { options } from '../gateway/request.ts';
import { useAgentName } from '../runs/agent-names.ts';
import { cancellations, cancelRun } from '../runs/cancel.ts';
import { isActive } from '../runs/states.ts';
import { useStore } from '../store.ts';
import { Dialog } from './overlays.ts';

interface Props {
  readonly run: ExplorerRowFragment;
  /** Called with the run as it is then. */
  readonly onDone?: (run: ExplorerRowFragment) => void;
}

/** Cancels a run, after having asked. Nothing for a run that has ended, or where nobody can cancel. */
export function CancelButton({ run, onDone }: Props) {
  const [isAsking, setAsking] = useState(false);
  const isSending = useStore(cancellations, ({ sending }) => sending.includes(run.id));
  const agentName = useAgentName(run.agentId);
  if (options.isReadOnly || !isActive(run)) return null;
  const name = `${agentName} (${shortId(run.id)})`;
  const close = (): void => setAsking(false);
  const cancel = async (): Promise<void> => {
    close();
    const cancelled = await cancelRun(run.id, name);
    if (cancelled !== undefined) onDone?.(cancelled);
  };
  return html`<button
      type="button"
      class="small"
      disabled=${isSending}
      aria-label=${`Cancel ${name}`}
      onClick=${() => setAsking(true)}
    >
      ${isSending ? 'Cancelling…' : 'Cancel'}
    </button>
    ${
      isAsking &&
      html`<${Dialog} title="Cancel this run?" onClose=${close}>
        <p>${name} stops after its current step. What it has done so far stays.</p>
        <p class="line end">
          <button type="button" autofocus onClick=${close}>Keep it</button>
          <button type="button" class="bad" onClick=${() => void cancel()}>Cancel the run</button>
        </p>
      <//>`
    }`;
}

import type { ExplorerRowFragment } from '../__generated__/graphql.ts';
import type { PendingRun } from '../documents/conversations.ts';
import { shortId } from '../format/text.ts';
import { access } from '../gateway/query.ts';
import { useRef, useState } from '../preact.ts';
import { useAgentName } from '../runs/agent-names.ts';
import { cancelRun, findDenied } from '../runs/cancel-run.ts';
import { callsText } from '../runs/pending.ts';
import { isActive } from '../runs/states.ts';
import { useStore } from '../store.ts';
import { RunLink } from './run-labels.tsx';

interface Props {
  readonly run: ExplorerRowFragment;
  /** Whether the run waits for an approval, which cancelling denies. @default false */
  readonly isWaiting?: boolean;
  /** Called after an attempt. */
  readonly onDone?: () => void;
}

/** Cancels a run, after a confirmation. Not shown for a run that has ended, nor to a caller who may not write. */
export function CancelButton({ run, isWaiting = false, onDone }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isSending, setSending] = useState(false);
  /** The other run whose request cancelling would deny; null if there is none, undefined until it is read. */
  const [denied, setDenied] = useState<PendingRun | null>();
  const mayWrite = useStore(access, (current) => current.mayWrite);
  const name = `${useAgentName(run.agentId)} (${shortId(run.id)})`;
  if (!mayWrite || !(isActive(run) || isWaiting)) return null;
  const ask = async (): Promise<void> => {
    dialog.current?.showModal();
    setDenied(undefined);
    // If the run can't be read, null is safe: the gateway then cancels nothing that would deny another request.
    setDenied((await findDenied(run).catch(() => null)) ?? null);
  };
  const cancel = async (): Promise<void> => {
    setSending(true);
    await cancelRun(run.id, name, denied?.id);
    setSending(false);
    onDone?.();
  };
  return (
    <>
      <button
        type="button"
        class="small"
        disabled={isSending}
        aria-label={`Cancel ${name}`}
        onClick={() => void ask()}
      >
        {isSending ? 'Cancelling…' : 'Cancel'}
      </button>
      <dialog ref={dialog} class="overlay" aria-label="Cancel this run?" closedby="any">
        <form method="dialog" class="dialog">
          <h2>Cancel this run?</h2>
          <p>{isWaiting ? `This denies what ${name} waits for.` : `${name} stops after its current step.`}</p>
          <p role="status">
            {denied === undefined && 'Looking whether another run waits…'}
            {denied && (
              <>
                <strong>This also denies</strong> what <RunLink id={denied.id} /> of the same agent waits for:{' '}
                <code>{callsText(denied)}</code>
              </>
            )}
          </p>
          <p class="line end">
            <button>Keep it</button>
            <button class="bad" disabled={denied === undefined} onClick={() => void cancel()}>
              {denied ? 'Cancel it, and deny that request' : 'Cancel the run'}
            </button>
          </p>
        </form>
      </dialog>
    </>
  );
}

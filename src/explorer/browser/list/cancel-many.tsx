import { asApiError } from '../../../client/api-error.ts';
import { RunLink } from '../components/run-labels.tsx';
import { useRef, useState } from '../preact.ts';
import {
  cancelMany,
  MAX_TICKED,
  type Preview,
  previewMany,
  type Sent,
  ticked,
  untickAll,
} from '../runs/cancel-many.ts';
import { useStore } from '../store.ts';

const runs = (count: number): string => `${count} ${count === 1 ? 'run' : 'runs'}`;

/** Cancels the runs that are ticked: says first what that would do, then after each ten what became of them. */
export function CancelMany() {
  const { ids } = useStore(ticked, (current) => current);
  const dialog = useRef<HTMLDialogElement>(null);
  const stop = useRef(new AbortController());
  const [previews, setPreviews] = useState<readonly Preview[]>();
  const [sent, setSent] = useState<readonly Sent[]>([]);
  const [state, setState] = useState<'asking' | 'sending' | 'done'>('asking');
  const [error, setError] = useState('');
  if (ids.size === 0 && state !== 'done') return null;
  const ask = async (): Promise<void> => {
    setState('asking');
    setPreviews(undefined);
    setSent([]);
    setError('');
    dialog.current?.showModal();
    await previewMany([...ids]).then(setPreviews, (caught: unknown) => setError(asApiError(caught).message));
  };
  const cancellable = (previews ?? []).filter(({ failure }) => failure === null).map(({ runId }) => runId);
  const send = async (): Promise<void> => {
    stop.current = new AbortController();
    setState('sending');
    try {
      for await (const each of cancelMany(cancellable, stop.current.signal))
        setSent((before) => [...before, each]);
    } catch (caught) {
      setError(asApiError(caught).message);
    }
    setState('done');
    untickAll();
  };
  return (
    <section class="line" aria-label="Ticked runs">
      {ids.size > 0 && (
        <>
          <button type="button" class="bad" onClick={() => void ask()}>
            Cancel {runs(ids.size)} …
          </button>
          <button type="button" onClick={untickAll}>
            Untick all
          </button>
          {ids.size === MAX_TICKED && <span class="muted">At most {MAX_TICKED} at a time.</span>}
        </>
      )}
      <dialog ref={dialog} class="overlay" aria-label="Cancel these runs?">
        <div class="dialog">
          <h2>Cancel these runs?</h2>
          <div role="status">
            {previews === undefined && !error && <p>Looking what that would do…</p>}
            {previews && state === 'asking' && <PreviewText previews={previews} />}
            {state !== 'asking' && <Progress sent={sent} of={cancellable.length} isOver={state === 'done'} />}
            {error && <p class="bad">{error}</p>}
          </div>
          <p class="line end">
            {state === 'sending' ? (
              <button type="button" onClick={() => stop.current.abort()}>
                Stop
              </button>
            ) : (
              <button type="button" onClick={() => dialog.current?.close()}>
                {state === 'done' ? 'Close' : 'Keep them'}
              </button>
            )}
            {state === 'asking' && (
              <button
                type="button"
                class="bad"
                disabled={cancellable.length === 0}
                onClick={() => void send()}
              >
                Cancel {runs(cancellable.length)}
              </button>
            )}
          </p>
        </div>
      </dialog>
    </section>
  );
}

function PreviewText({ previews }: { readonly previews: readonly Preview[] }) {
  const left = previews.flatMap(({ failure, ...each }) => (failure ? { ...each, failure } : []));
  const ended = left.filter(({ failure }) => failure.code === 'ALREADY_ENDED').length;
  const others = left.filter(({ failure }) => failure.code !== 'ALREADY_ENDED');
  const denied = [...new Set(previews.flatMap(({ deniedId }) => deniedId ?? []))];
  return (
    <>
      <p>
        {runs(previews.length - left.length)} would be cancelled.{' '}
        {ended > 0 && `${runs(ended)} ended already.`}
      </p>
      {denied.map((id) => (
        <p key={id}>
          <strong>This also denies</strong> what <RunLink id={id} /> waits for.
        </p>
      ))}
      {others.map(({ runId, failure }) => (
        <p key={runId}>
          <RunLink id={runId} /> would be left alone
          {failure.otherRunId ? (
            <>
              , which would deny what <RunLink id={failure.otherRunId} /> waits for.
            </>
          ) : (
            `: ${failure.message}`
          )}
        </p>
      ))}
    </>
  );
}

interface ProgressProps {
  readonly sent: readonly Sent[];
  readonly of: number;
  readonly isOver: boolean;
}

function Progress({ sent, of, isOver }: ProgressProps) {
  const failures = sent.flatMap((each) => each.failures);
  const cancelled = sent.reduce((sum, each) => sum + each.cancelled, 0);
  const unsent = of - cancelled - failures.length;
  return (
    <>
      <p>
        {cancelled} of {runs(of)} cancelled{isOver ? '.' : ' …'}{' '}
        {isOver && unsent > 0 && `${runs(unsent)} left alone.`}
      </p>
      {failures.map(({ runId, message }) => (
        <p key={runId} class="bad">
          <RunLink id={runId} />: {message}
        </p>
      ))}
    </>
  );
}

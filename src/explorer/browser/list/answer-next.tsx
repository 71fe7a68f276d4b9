import { type ResponseError, asApiError } from '../../../client/api-error.ts';
import type { ExplorerPauseOfQuery } from '../__generated__/graphql.ts';
import { RunLink } from '../components/run-labels.tsx';
import { PAUSE_OF } from '../documents/conversations.ts';
import { access, query } from '../gateway/query.ts';
import { useEffect, useState } from '../preact.ts';
import { PausePanel } from '../run/pause-panel.tsx';
import { useAgentName } from '../runs/agent-names.ts';
import { pending, refreshPending } from '../runs/pending.ts';
import { useStore } from '../store.ts';

/** Answers the runs that wait, one after the other, without leaving the list. */
export function AnswerNext() {
  const runs = useStore(pending, (current) => current.runs);
  const mayWrite = useStore(access, (current) => current.mayWrite);
  /** The runs that were skipped; undefined until answering begins. */
  const [passed, setPassed] = useState<ReadonlySet<string>>();
  const [shown, setShown] = useState<string>();
  if (!mayWrite || !runs || (runs.length === 0 && shown === undefined)) return null;
  const next = runs.find(({ id }) => id !== shown && !passed?.has(id))?.id;
  const begin = (): void => {
    setPassed(new Set([...(passed ?? []), ...(shown === undefined ? [] : [shown])]));
    setShown(next);
  };
  return (
    <section aria-label="Answer one after the other">
      <p class="line">
        {next !== undefined && (
          <button type="button" onClick={begin}>
            {shown === undefined ? 'Answer one after the other' : 'Next'}
          </button>
        )}
        {shown !== undefined && (
          <button type="button" onClick={() => setShown(undefined)}>
            Close
          </button>
        )}
      </p>
      {shown !== undefined && <Request key={shown} id={shown} />}
    </section>
  );
}

function Request({ id }: { readonly id: string }) {
  const [run, setRun] = useState<ExplorerPauseOfQuery['run']>();
  const [errors, setErrors] = useState<readonly ResponseError[]>([]);
  const name = useAgentName(run?.agentId ?? '');
  const read = async (): Promise<void> => {
    try {
      const answer = await query(PAUSE_OF, { id });
      setRun(answer.data.run);
      setErrors(answer.errors);
    } catch (error) {
      setErrors([asApiError(error)]);
    }
    refreshPending();
  };
  useEffect(() => void read(), [id]);
  return (
    <>
      <p class="line">
        {name} <RunLink id={id} />
      </p>
      {run ? (
        <PausePanel run={run} errors={errors} reload={() => void read()} />
      ) : (
        <p class="muted" role="status">
          {errors[0]?.message ?? 'Loading…'}
        </p>
      )}
    </>
  );
}

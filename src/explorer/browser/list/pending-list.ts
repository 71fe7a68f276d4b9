import { ErrorState } from '../components/error-state.ts';
import { html, useMemo } from '../preact.ts';
import { rowOf } from '../runs/apply-events.ts';
import { callsText, pending, refreshPending } from '../runs/pending.ts';
import { useStore } from '../store.ts';
import { RunTable } from './run-table.ts';

const COLUMNS = ['Status', 'Agent', 'Asks', 'Since', 'Took', 'Actions'];

/** The runs that wait for a person, with what each asks. */
export function PendingList() {
  const { runs, isComplete, error } = useStore(pending, (current) => current);
  const rows = useMemo(() => {
    // For the number beside the filter alone, they are read without their calls.
    if (runs?.some(({ approval }) => approval === undefined)) return undefined;
    return runs?.map((run) => {
      const since = run.approval?.requestedAt ?? run.createdAt;
      return { ...rowOf({ ...run, failure: null }), error: callsText(run), since };
    });
  }, [runs]);
  const none = rows?.length === 0 ? 'Nothing needs approval.' : '';
  const state = isComplete ? none : 'There may be older ones: choose an agent.';
  return html`${rows && rows.length > 0 && html`<${RunTable} rows=${rows} columns=${COLUMNS} />`}
    ${error && html`<${ErrorState} error=${error} onRetry=${refreshPending} />`}
    <p class="footer line muted" role="status">${rows || error ? state : 'Loading…'}</p>`;
}

import { ErrorState } from '../components/error-state.ts';
import { html, useMemo } from '../preact.ts';
import { rowOf } from '../runs/apply-events.ts';
import { callsText, pending, refreshPending } from '../runs/pending.ts';
import { useStore } from '../store.ts';
import { RunTable } from './run-table.ts';

const NONE = html`<div class="empty" role="status">
  <h2>Nothing needs approval</h2>
  <p>A run that pauses for a person’s approval appears here.</p>
</div>`;

/** The runs that wait for a person, with what each asks. */
export function PendingList() {
  const { runs, isComplete, error } = useStore(pending, (current) => current);
  const rows = useMemo(
    () =>
      runs?.map((run) => {
        const since = run.approval?.requestedAt ?? run.createdAt;
        return { ...rowOf({ ...run, metadata: null }), asked: { calls: callsText(run), since } };
      }),
    [runs],
  );
  const table = rows && (rows.length > 0 || !isComplete) && html`<${RunTable} rows=${rows} isOfWaiting />`;
  return html`${error && html`<${ErrorState} error=${error} onRetry=${refreshPending} />`}
  ${table ?? (!error && html`<p class="footer line muted" aria-busy="true">Loading…</p>`)}
  ${table === false && NONE}
  ${rows && !isComplete && html`<p class="footer line muted">There may be more, older ones. Choose an agent to see its own.</p>`}`;
}

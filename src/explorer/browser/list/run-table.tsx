import { CancelButton } from '../components/cancel-button.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { StateLabel, Time, Took } from '../components/run-labels.tsx';
import { brief, shortId, words } from '../format/text.ts';
import { access } from '../gateway/query.ts';
import { type ComponentChildren, useMemo, useRef } from '../preact.ts';
import { hrefOf } from '../router.ts';
import { useAgentName } from '../runs/agent-names.ts';
import { type Row, rowOf } from '../runs/apply-events.ts';
import { ticked, toggle } from '../runs/cancel-many.ts';
import { callsText, pending, refreshPending } from '../runs/pending.ts';
import { hasNotableStopReason, isActive, stateOf } from '../runs/states.ts';
import { useStore } from '../store.ts';

const COLUMNS = ['Status', 'Agent', 'Reason', 'Created', 'Took', 'Actions'];
const PENDING_COLUMNS = ['Status', 'Agent', 'Asks', 'Since', 'Took', 'Actions'];

/** The id of the run that had the focus last. */
let activeId: string | undefined;

interface Props {
  readonly rows: readonly Row[];
  /** The headings, in the order of `COLUMNS`. */
  readonly columns?: readonly string[];
}

/** The list of runs: a table by its ARIA roles, since its rows are CSS grids. */
export function RunTable({ rows, columns = COLUMNS }: Props) {
  // Preact skips an element that is the same object, so an event renders one row.
  const elements = useRef(new WeakMap<Row, ComponentChildren>());
  const elementOf = (row: Row): ComponentChildren => {
    const element = elements.current.get(row) ?? <RunRow key={row.id} row={row} />;
    elements.current.set(row, element);
    return element;
  };
  return (
    <div role="table" class="runs card" aria-label="Runs, newest first">
      <div role="rowgroup">
        <div role="row" class="row head">
          {COLUMNS.map((name, at) => (
            <div role="columnheader" class={name.toLowerCase()}>
              {columns[at]}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" class="body">
        {rows.map(elementOf)}
      </div>
    </div>
  );
}

/** The runs that wait for a person, each with the tool calls that it asks for. */
export function PendingList() {
  const { runs, isComplete, error } = useStore(pending, (current) => current);
  const rows = useMemo(() => {
    // If only their number is shown, beside the filter, runs are read without their tool calls.
    if (runs?.some(({ approval }) => approval === undefined)) return undefined;
    return runs?.map((run) => {
      const since = run.approval?.requestedAt ?? run.createdAt;
      return { ...rowOf({ ...run, failure: null }), error: callsText(run), since };
    });
  }, [runs]);
  const none = rows?.length === 0 ? 'Nothing needs approval.' : '';
  const state = isComplete ? none : 'There may be older ones: choose an agent.';
  return (
    <>
      {rows && rows.length > 0 && <RunTable rows={rows} columns={PENDING_COLUMNS} />}
      {error && <ErrorState error={error} onRetry={refreshPending} />}
      <p class="footer line muted" role="status">
        {rows || error ? state : 'Loading…'}
      </p>
    </>
  );
}

function RunRow({ row }: { readonly row: Row }) {
  const { id, error, createdAt } = row;
  const name = useAgentName(row.agentId);
  const stopped = hasNotableStopReason(row) && brief(words(row.rawStopReason ?? ''));
  const reason = [stopped, error].filter(Boolean).join(': ');
  const isWaiting = useStore(pending, ({ runs }) => runs?.some((run) => run.id === id) === true);
  const state = isWaiting && stateOf(row) === 'PAUSED' ? 'WAITING' : stateOf(row);
  const isTicked = useStore(ticked, ({ ids }) => ids.has(id));
  const canTick = useStore(access, ({ mayWrite }) => mayWrite) && (isTicked || isActive(row));
  const isNew = row.changedAt !== undefined && Date.now() - row.changedAt < 2000;
  return (
    <div
      role="row"
      class={isNew ? 'row changed' : 'row'}
      data-id={id}
      data-state={state}
      onFocusIn={() => (activeId = id)}
    >
      <div role="cell" class="status">
        {canTick && (
          <input
            type="checkbox"
            aria-label={`Tick ${name} (${shortId(id)})`}
            checked={isTicked}
            onChange={() => toggle(id)}
          />
        )}
        <StateLabel state={state} rawStatus={row.rawStatus} />
      </div>
      <div role="cell" class="agent">
        <a href={hrefOf(`runs/${id}`)}>{name}</a>
        <code>{shortId(id)}</code>
      </div>
      <div role="cell" class="reason" title={reason}>
        {reason}
      </div>
      <div role="cell" class="created">
        <Time at={row.since ?? createdAt} />
      </div>
      <div role="cell" class="took">
        <Took run={row} />
      </div>
      <div role="cell" class="actions">
        <CancelButton run={row} />
      </div>
    </div>
  );
}

/** Restores the focus to the run that had it last. */
export function focusRow(): void {
  const link = document.querySelector<HTMLElement>(`[data-id="${activeId}"] a`);
  link?.focus({ preventScroll: true });
}

/** Moves the focus by so many rows. */
export function moveInRows(step: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-id]')];
  const index = rows.findIndex(({ dataset }) => dataset['id'] === activeId) + step;
  const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
  row?.querySelector('a')?.focus();
}

/** Ticks the run that has the focus, or takes its tick away. */
export const tickRow = (): void =>
  document.querySelector<HTMLElement>(`[data-id="${activeId}"] input[type=checkbox]`)?.click();

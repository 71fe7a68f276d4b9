import { CancelButton } from '../components/cancel-button.ts';
import { StateLabel, Time, Took } from '../components/run-labels.ts';
import { brief, shortId, words } from '../format/text.ts';
import { type ComponentChildren, html, useRef } from '../preact.ts';
import { hrefOf } from '../router.ts';
import { useAgentName } from '../runs/agent-names.ts';
import type { Row } from '../runs/apply-events.ts';
import { usePending } from '../runs/pending.ts';
import { hasNotableStopReason, stateOf } from '../runs/states.ts';

const COLUMNS = ['status', 'agent', 'reason', 'created', 'took', 'actions'];
/** The headings of the columns that mean something else for runs that wait. */
const HEADINGS: Readonly<Record<string, string>> = { reason: 'Asks', created: 'Since' };

/** The id of the run that had the focus last. */
let activeId: string | undefined;

interface Props {
  readonly rows: readonly Row[];
  /** Whether they are runs that wait. */
  readonly isOfWaiting?: boolean;
}

/** The list of runs: a table by its ARIA roles, since its rows are CSS grids. */
export function RunTable({ rows, isOfWaiting = false }: Props) {
  // Preact skips an element that is the same object, so an event renders one row.
  const elements = useRef(new WeakMap<Row, ComponentChildren>());
  const elementOf = (row: Row): ComponentChildren => {
    const element = elements.current.get(row) ?? html`<${RunRow} key=${row.id} row=${row} />`;
    elements.current.set(row, element);
    return element;
  };
  return html`<div role="table" class="runs card" aria-label="Runs, newest first">
    <div role="rowgroup">
      <div role="row" class="row head">
        ${COLUMNS.map((name) => {
          const heading = words((isOfWaiting && HEADINGS[name]) || name);
          return html`<div role="columnheader" class=${name}>${heading}</div>`;
        })}
      </div>
    </div>
    <div role="rowgroup" class="body">${rows.map(elementOf)}</div>
  </div>`;
}

function RunRow({ row }: { readonly row: Row }) {
  const { id, error, createdAt, rawStatus, asked } = row;
  const name = useAgentName(row.agentId);
  const stopped = hasNotableStopReason(row) && brief(words(row.rawStopReason ?? ''));
  const reason = asked?.calls ?? [stopped, error].filter(Boolean).join(': ');
  const waiting = usePending(id);
  const state = waiting && stateOf(row) === 'PAUSED' ? 'WAITING' : stateOf(row);
  const isNew = row.changedAt !== undefined && Date.now() - row.changedAt < 2000;
  return html`<div
    role="row"
    class=${isNew ? 'row changed' : 'row'}
    data-id=${id}
    data-state=${state}
    onFocusIn=${() => (activeId = id)}
  >
    <div role="cell" class="status"><${StateLabel} state=${state} rawStatus=${rawStatus} /></div>
    <div role="cell" class="agent">
      <a href=${hrefOf(`runs/${id}`)}>${name}</a>
      <code>${shortId(id)}</code>
    </div>
    <div role="cell" class="reason" title=${reason}>${reason}</div>
    <div role="cell" class="created"><${Time} at=${asked?.since ?? createdAt} /></div>
    <div role="cell" class="took"><${Took} run=${row} /></div>
    <div role="cell" class="actions">
      <${CancelButton} run=${row} isWaiting=${state === 'WAITING' && waiting?.conversationId === null} />
    </div>
  </div>`;
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

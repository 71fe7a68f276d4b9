import { type ComponentChildren, html, useRef } from '../dom.ts';
import { brief, shortId, words } from '../format/text.ts';
import { CancelButton } from '../parts/cancel-button.ts';
import { StateLabel, Time, Took } from '../parts/run-labels.ts';
import { hrefOf } from '../router.ts';
import { useAgentName } from '../runs/agent-names.ts';
import type { Row } from '../runs/rows.ts';
import { stateOf, tellsMore } from '../runs/states.ts';

const COLUMNS = ['Status', 'Agent', 'Reason', 'Created', 'Took', 'Actions'];

/** The run that had the focus last. */
let activeId: string | undefined;

/** The list of runs: a table by its roles, since its rows are grids. */
export function RunTable({ rows }: { readonly rows: readonly Row[] }) {
  // Preact skips an element that it has seen: an event renders its row alone, not a thousand.
  const made = useRef(new WeakMap<Row, ComponentChildren>());
  const elementOf = (row: Row): ComponentChildren => {
    const known = made.current.get(row) ?? html`<${RunRow} key=${row.id} row=${row} />`;
    made.current.set(row, known);
    return known;
  };
  return html`<div role="table" class="runs card" aria-label="Runs, newest first">
    <div role="rowgroup">
      <div role="row" class="row head">
        ${COLUMNS.map((name) => html`<div role="columnheader" class=${name.toLowerCase()}>${name}</div>`)}
      </div>
    </div>
    <div role="rowgroup" class="body">${rows.map(elementOf)}</div>
  </div>`;
}

function RunRow({ row }: { readonly row: Row }) {
  const { id, error, createdAt } = row;
  const name = useAgentName(row.agentId);
  const stopped = tellsMore(row) && brief(words(row.rawStopReason ?? ''));
  const reason = [stopped, error].filter(Boolean).join(': ');
  const isNew = row.changedAt !== undefined && Date.now() - row.changedAt < 2000;
  return html`<div
    role="row"
    class=${isNew ? 'row changed' : 'row'}
    data-id=${id}
    data-state=${stateOf(row)}
    onFocusIn=${() => (activeId = id)}
  >
    <div role="cell" class="status"><${StateLabel} run=${row} /></div>
    <div role="cell" class="agent">
      <a href=${hrefOf(`runs/${id}`)}>${name}</a>
      <code>${shortId(id)}</code>
    </div>
    <div role="cell" class="reason" title=${reason}>${reason}</div>
    <div role="cell" class="created"><${Time} at=${createdAt} /></div>
    <div role="cell" class="took"><${Took} run=${row} /></div>
    <div role="cell" class="actions"><${CancelButton} run=${row} /></div>
  </div>`;
}

/** Gives the focus back to the run that had it last. */
export function focusRow(): void {
  const link = document.querySelector<HTMLElement>(`[data-id="${activeId}"] a`);
  link?.focus({ preventScroll: true });
}

/** Gives the focus to the next row, or to the one before. */
export function moveInRows(step: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-id]')];
  const index = rows.findIndex(({ dataset }) => dataset['id'] === activeId) + step;
  const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
  row?.querySelector('a')?.focus();
}

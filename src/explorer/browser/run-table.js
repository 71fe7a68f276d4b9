// The rows of the list. Only those near the window are in the page, however many there are.

import { useAgentName } from './agent-names.js';
import { options } from './api.js';
import { html, useEffect, useLayoutEffect, useRef, useState } from './dom.js';
import { brief, words } from './format.js';
import { hrefOf } from './router.js';
import { MAX_ROWS, readMore } from './runs.js';
import { tellsMore } from './states.js';
import { CancelButton, shortId, StateLabel, Time, Took } from './widgets.js';

/** @import { Row } from './runs.js' */

/** Rows above and below the window that are in the page all the same. */
const SPARE_ROWS = 10;
/** So many rows before the end, more are read; but before one scrolls, only those that the window has room for. */
const AHEAD_ROWS = 60;
const PHONE = matchMedia('(max-width: 700px)');

/** The height of a row in pixels, as in styles.css. */
const rowHeight = () => (PHONE.matches ? 64 : 40);

/**
 * @param {{ rows: readonly Row[], hasMore: boolean, activeId: string | undefined, onActive: (id: string) => void }} props
 */
export function RunTable({ rows, hasMore, activeId, onActive }) {
  const body = useRef(/** @type {HTMLElement | null} */ (null));
  const [height, setHeight] = useState(rowHeight());
  const [[start, end], setRange] = useState([0, 40]);

  useEffect(() => {
    const measure = () => {
      const { top } = body.current?.getBoundingClientRect() ?? { top: 0 };
      const first = Math.floor(Math.max(0, -top) / rowHeight());
      const count = Math.ceil(innerHeight / rowHeight());
      setHeight(rowHeight());
      // In steps, so that most scrolling changes nothing.
      const from = Math.max(0, Math.floor(first / 5) * 5 - SPARE_ROWS);
      setRange(([a, b]) =>
        a === from && b === from + count + 3 * SPARE_ROWS ? [a, b] : [from, from + count + 3 * SPARE_ROWS],
      );
    };
    measure();
    addEventListener('scroll', measure, { passive: true });
    addEventListener('resize', measure);
    return () => {
      removeEventListener('scroll', measure);
      removeEventListener('resize', measure);
    };
  }, []);
  useEffect(() => {
    const needed = start > 0 ? end + AHEAD_ROWS : end - 2 * SPARE_ROWS;
    if (hasMore && rows.length < MAX_ROWS && needed > rows.length) void readMore();
  }, [start, end, rows.length, hasMore]);
  useKeptPlace(rows, body);

  const shown = rows.slice(start, end).map((row, index) => ({ row, index: start + index }));
  // The one with the keyboard's focus stays in the page, or the focus would be lost.
  const active = activeId === undefined ? -1 : rows.findIndex(({ id }) => id === activeId);
  const activeRow = rows[active];
  if (activeRow !== undefined && (active < start || active >= end))
    shown.push({ row: activeRow, index: active });
  return html`<div
    role="table"
    class="runs"
    aria-label="Runs, newest first"
    aria-rowcount=${hasMore ? -1 : rows.length + 1}
  >
    <div role="rowgroup">
      <div role="row" class="row head" aria-rowindex="1">
        ${['Status', 'Agent', 'Reason', 'Created', 'Took', 'Actions'].map(
          (name) => html`<div role="columnheader" class=${name.toLowerCase()}>${name}</div>`,
        )}
      </div>
    </div>
    <div role="rowgroup" ref=${body} class="body" style=${{ height: `${rows.length * height}px` }}>
      ${shown.map(
        ({ row, index }) =>
          html`<${RunRow}
            key=${row.id}
            row=${row}
            index=${index}
            top=${index * height}
            onActive=${onActive}
          />`,
      )}
    </div>
  </div>`;
}

/** @param {{ row: Row, index: number, top: number, onActive: (id: string) => void }} props */
function RunRow({ row, index, top, onActive }) {
  const { id, agentId, stopReason, rawStopReason, error } = row;
  const name = useAgentName(agentId);
  const stopped = tellsMore(stopReason) && brief(words(rawStopReason ?? ''));
  const reason = [stopped, error].filter(Boolean).join(': ');
  const isNew = row.changedAt !== undefined && Date.now() - row.changedAt < 2000;
  return html`<div
    role="row"
    class=${isNew ? 'row changed' : 'row'}
    data-id=${id}
    data-state=${row.state}
    aria-rowindex=${index + 2}
    style=${{ top: `${top}px` }}
    onFocusIn=${() => onActive(id)}
  >
    <div role="cell" class="status"><${StateLabel} state=${row.state} status=${row.status} /></div>
    <div role="cell" class="agent">
      <a data-inside href=${hrefOf(`runs/${id}`)}>${name}</a>
      <code>${shortId(id)}</code>
    </div>
    <div role="cell" class="reason" title=${reason}>${reason}</div>
    <div role="cell" class="created"><${Time} at=${row.createdAt} /></div>
    <div role="cell" class="took"><${Took} run=${row} /></div>
    <div role="cell" class="actions">${!options.isReadOnly && html`<${CancelButton} run=${row} />`}</div>
  </div>`;
}

/**
 * Keeps the rows that one reads where they are while others come above them.
 *
 * @param {readonly Row[]} rows
 * @param {{ current: HTMLElement | null }} body
 */
function useKeptPlace(rows, body) {
  const before = useRef(rows);
  useLayoutEffect(() => {
    const { top } = body.current?.getBoundingClientRect() ?? { top: 0 };
    const first = before.current[Math.floor(-top / rowHeight())];
    const index = first === undefined ? -1 : rows.findIndex(({ id }) => id === first.id);
    const moved = index - Math.floor(-top / rowHeight());
    if (top < 0 && index >= 0 && moved !== 0) scrollBy({ top: moved * rowHeight(), behavior: 'instant' });
    before.current = rows;
  }, [rows]);
}

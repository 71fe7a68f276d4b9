// The page of runs, at the root.

import { options } from '../api.js';
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from '../dom.js';
import { FilterBar } from '../filter-bar.js';
import { filtersIn, searchOf } from '../filters.js';
import { number } from '../format.js';
import { openPopover } from '../popover.js';
import { hrefOf, place } from '../router.js';
import { RunTable } from '../run-table.js';
import { isUnfinished, list, MAX_ROWS, news, readMore, watch } from '../runs.js';
import { isTyping } from '../shell.js';
import { Stats } from '../stats.js';
import { useStore } from '../store.js';
import { ErrorState } from '../widgets.js';

/** What is shown: coming back from a run finds it as it was. */
let watched = '-';
let scrolledTo = 0;
/** @type {string | undefined} */
let lastActive;

/** Milliseconds between two announcements of new runs to screen readers. */
const SAY_MS = 10_000;

export function ListView() {
  const { search } = useStore(place);
  const filters = useMemo(() => filtersIn(search), [search]);
  const key = searchOf(filters);
  const { state, rows, hasMore, error, liveError } = useStore(list);
  const [activeId, setActive] = useState(lastActive);
  const retry = () => watch(filters);

  useEffect(() => {
    document.title = 'Runs';
    if (watched === key) return;
    watched = key;
    watch(filters);
    scrollTo(0, 0);
  }, [key]);
  useLayoutEffect(() => {
    scrollTo(0, scrolledTo);
    focusRun(lastActive);
    const onScroll = () => (scrolledTo = scrollY);
    addEventListener('scroll', onScroll, { passive: true });
    return () => removeEventListener('scroll', onScroll);
  }, []);
  useEffect(() => {
    lastActive = activeId;
  }, [activeId]);
  useKeys(activeId, setActive);

  return html`<h1 class="hidden">Runs</h1>
    ${
      options.hasSampleRuns &&
      html`<p class="sample">
        <strong>These are sample runs</strong>, not yours. Start the gateway with
        ${' '}<code>LETTA_BASE_URL</code>, the address of your Letta server, or <code>LETTA_API_KEY</code> to
        see those.
      </p>`
    }
    <${FilterBar} filters=${filters} />
    <${Stats} filters=${filters} />
    ${
      liveError !== undefined &&
      html`<p class="warning" role="status">
        The list doesn’t follow changes: ${liveError.message}
        <button type="button" class="small" onClick=${retry}>Retry</button>
      </p>`
    }
    ${
      state === 'failed' && error !== undefined
        ? html`<${ErrorState} error=${error} onRetry=${retry}>
            ${key !== '' && html`<a class="button" data-inside href=${hrefOf('')}>Clear filters</a>`}
          <//>`
        : state === 'loading'
          ? html`<${Skeleton} />`
          : rows.length === 0 && !hasMore
            ? html`<${Empty} hasFilters=${key !== ''} />`
            : html`<${RunTable} rows=${rows} hasMore=${hasMore} activeId=${activeId} onActive=${setActive} />
                <${Footer} />`
    }
    <${Announcer} />`;
}

/** @param {string | undefined} id */
function focusRun(id) {
  const link = document.querySelector(`[data-id="${id}"] a`);
  if (link instanceof HTMLElement) link.focus({ preventScroll: true });
  return link;
}

/**
 * Moves among the rows by keyboard.
 *
 * @param {string | undefined} activeId
 * @param {(id: string) => void} setActive
 */
function useKeys(activeId, setActive) {
  const isMoving = useRef(false);
  useEffect(() => {
    const onKey = (/** @type {KeyboardEvent} */ event) => {
      if (isTyping(event)) return;
      const isInList = event.target instanceof Element && event.target.closest('.runs') !== null;
      const step = { j: 1, k: -1, ...(isInList && { ArrowDown: 1, ArrowUp: -1 }) }[event.key];
      if (event.key === '/') openPopover('agent');
      else if (step !== undefined) {
        const { rows } = list.get();
        // Not the state of the component, which a second key would find as it was before the first.
        const index = rows.findIndex(({ id }) => id === lastActive);
        const next = rows[Math.max(0, Math.min(rows.length - 1, index + step))];
        if (next === undefined) return;
        isMoving.current = true;
        lastActive = next.id;
        setActive(next.id);
      } else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [activeId]);
  useLayoutEffect(() => {
    if (!isMoving.current) return;
    isMoving.current = false;
    focusRun(activeId)?.closest('.row')?.scrollIntoView({ block: 'nearest' });
  }, [activeId]);
}

function Skeleton() {
  return html`<div class="skeleton" role="status" aria-label="Loading runs">
    ${Array.from({ length: 12 }, (_, index) => html`<div key=${index} class="row"><span /></div>`)}
  </div>`;
}

/** @param {{ hasFilters: boolean }} props */
function Empty({ hasFilters }) {
  if (hasFilters) {
    return html`<div class="empty" role="status">
      <h2>No runs match these filters</h2>
      <p>Runs that match appear here as they are created.</p>
      <p class="buttons"><a class="button" data-inside href=${hrefOf('')}>Clear filters</a></p>
    </div>`;
  }
  return html`<div class="empty" role="status">
    <h2>No runs yet</h2>
    <p>A run appears here as soon as an agent is sent a message, from the Letta ADE, an SDK, or like this:</p>
    <pre>
curl http://localhost:8283/v1/agents/AGENT_ID/messages \\
  -H 'content-type: application/json' \\
  -d '{"messages": [{"role": "user", "content": "Hello"}]}'</pre>
    <p>
      Is this the wrong server? Start the gateway with the address of yours in <code>LETTA_BASE_URL</code>.
    </p>
  </div>`;
}

/** What is said at the end of the rows. */
function Footer() {
  const { rows, hasMore, isLoadingMore, moreError } = useStore(list);
  const count = number(rows.length);
  if (moreError !== undefined) {
    const isSearching = isUnfinished(moreError);
    return html`<p class="footer" role="status">
      ${isSearching ? `${count} runs so far. ` : ''}${moreError.message}
      <button type="button" class="small" onClick=${() => void readMore()}>
        ${isSearching ? 'Keep looking' : 'Retry'}
      </button>
    </p>`;
  }
  if (isLoadingMore) return html`<p class="footer">Loading more…</p>`;
  if (!hasMore) return html`<p class="footer">${rows.length === 1 ? 'One run' : `All ${count} runs`}</p>`;
  return rows.length < MAX_ROWS
    ? html`<p class="footer">
        <button type="button" class="small" onClick=${() => void readMore()}>Load more</button>
      </p>`
    : html`<p class="footer">The newest ${count} runs. Choose a time range to see older ones.</p>`;
}

/** Tells screen readers of what is new, now and then. */
function Announcer() {
  const [text, setText] = useState('');
  useEffect(() => {
    let said = news.get();
    const timer = setInterval(() => {
      const { added, failed } = news.get();
      const parts = [
        [added - said.added, 'new'],
        [failed - said.failed, 'failed'],
      ].flatMap(([count, what]) => (Number(count) > 0 ? [`${count} ${what}`] : []));
      said = news.get();
      if (parts.length > 0) setText(`Runs: ${parts.join(', ')}`);
    }, SAY_MS);
    return () => clearInterval(timer);
  }, []);
  return html`<p class="hidden" role="status">${text}</p>`;
}

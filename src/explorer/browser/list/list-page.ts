import { html, useEffect, useKeys, useLayoutEffect, useMemo, useRef, useState } from '../dom.ts';
import { number } from '../format/text.ts';
import { isUnfinished } from '../gateway/api-error.ts';
import { options } from '../gateway/request.ts';
import { ErrorState } from '../parts/error-state.ts';
import { hrefOf, place } from '../router.ts';
import { filtersIn, searchOf } from '../runs/filters.ts';
import { list, MAX_ROWS, readMore, watch } from '../runs/run-list.ts';
import { useStore } from '../store.ts';
import { FilterBar } from './filter-bar.ts';
import { focusRow, moveInRows, RunTable } from './run-table.ts';
import { Stats } from './stats.ts';

/** The filters of the list that is shown, which isn't read again by coming back from a run. */
let watched: string | undefined;

/** Milliseconds between two announcements to screen readers. */
const SAY_MS = 10_000;
/** How near the end of the rows more are read. */
const AHEAD = { rootMargin: '800px' };

/** The page of runs. */
export function ListPage() {
  const search = useStore(place, (current) => current.search);
  const filters = useMemo(() => filtersIn(search), [search]);
  const key = searchOf(filters);
  const { rows, hasMore, isReading, error } = useStore(list, (current) => current);
  const retry = (): void => watch(filters);

  useEffect(() => {
    document.title = 'Runs';
    if (watched !== key) retry();
    watched = key;
  }, [key]);
  useLayoutEffect(focusRow, []);
  useKeys(({ key: pressed, target }) => {
    const isInList = target instanceof Element && target.closest('.runs') !== null;
    const step = { j: 1, k: -1, ...(isInList && { ArrowDown: 1, ArrowUp: -1 }) }[pressed];
    if (pressed === '/') document.querySelector<HTMLElement>('[data-menu=Agent]')?.click();
    else if (step === undefined) return false;
    else moveInRows(step);
    return true;
  });

  const clear = key !== '' && html`<a class="button" href=${hrefOf('')}>Clear filters</a>`;
  const hasRuns = rows.length > 0 || hasMore || isReading;
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
      error && rows.length > 0
        ? html`<p class="line bad" role="status">
            The list doesn’t follow changes: ${error.message}
            <button type="button" class="small" onClick=${retry}>Retry</button>
          </p>`
        : error && html`<${ErrorState} error=${error} onRetry=${retry}>${clear}<//>`
    }
    ${
      hasRuns
        ? html`<${RunTable} rows=${rows} /><${ListFooter} />`
        : !error && html`<div class="empty" role="status">${clear ? [NONE_MATCH, clear] : NONE_YET}</div>`
    }
    <${Announcer} />`;
}

const NONE_MATCH = html`<h2>No runs match these filters</h2>
  <p>Runs that match appear here as they are created.</p>`;
const NONE_YET = html`<h2>No runs yet</h2>
  <p>A run appears here as soon as an agent is sent a message, from the Letta ADE, an SDK, or like this:</p>
  <pre>
curl http://localhost:8283/v1/agents/AGENT_ID/messages \\
  -H 'content-type: application/json' \\
  -d '{"messages": [{"role": "user", "content": "Hello"}]}'</pre>
  <p>
    Is this the wrong server? Start the gateway with the address of yours in <code>LETTA_BASE_URL</code>.
  </p>`;

/** The state of the list, below its rows. More rows are read when it comes near the window. */
function ListFooter() {
  const { rows, hasMore, isReading, moreError } = useStore(list, (current) => current);
  const footer = useRef<HTMLElement>(null);
  const isFull = rows.length >= MAX_ROWS;
  const isSearching = moreError !== undefined && isUnfinished(moreError);
  const canRead = hasMore && !isFull && !isReading;
  useEffect(() => {
    if (!canRead || moreError !== undefined || footer.current === null) return undefined;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) void readMore();
    }, AHEAD);
    observer.observe(footer.current);
    return () => observer.disconnect();
  });
  const count = number(rows.length);
  const text = moreError
    ? `${isSearching ? `${count} runs so far. ` : ''}${moreError.message}`
    : isReading
      ? 'Loading…'
      : !hasMore
        ? rows.length === 1
          ? 'One run'
          : `All ${count} runs`
        : isFull && `The newest ${count} runs. Choose a time range to see older ones.`;
  const label = isSearching ? 'Keep looking' : moreError ? 'Retry' : 'Load more';
  return html`<p class="footer line muted" role=${moreError && 'status'} ref=${footer}>
    ${text}
    ${canRead && html`<button type="button" class="small" onClick=${() => void readMore()}>${label}</button>`}
  </p>`;
}

/** Tells screen readers of what came and changed, now and then. */
function Announcer() {
  const [text, setText] = useState('');
  useEffect(() => {
    const timer = setInterval(() => {
      const since = Date.now() - SAY_MS;
      const changed = list.get().rows.filter(({ changedAt = 0 }) => changedAt > since);
      const failed = changed.filter(({ status }) => status === 'FAILED').length;
      if (changed.length > 0) setText(`Runs: ${changed.length} new or changed, ${failed} failed`);
    }, SAY_MS);
    return () => clearInterval(timer);
  }, []);
  return html`<p class="hidden" role="status">${text}</p>`;
}

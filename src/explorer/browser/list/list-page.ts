import { html, useEffect, useKeys, useLayoutEffect, useMemo, useState } from '../dom.ts';
import { options } from '../gateway/request.ts';
import { ErrorState } from '../parts/error-state.ts';
import { hrefOf, place } from '../router.ts';
import { filtersIn, searchOf } from '../runs/filters.ts';
import { list, watch } from '../runs/run-list.ts';
import { useStore } from '../store.ts';
import { FilterBar } from './filter-bar.ts';
import { ListFooter } from './list-footer.ts';
import { focusRow, moveInRows, RunTable } from './run-table.ts';
import { Stats } from './stats.ts';

/** The filters of the list that is shown: coming back from a run finds it as it was. */
let watched: string | undefined;

/** Milliseconds between two announcements to screen readers. */
const SAY_MS = 10_000;

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

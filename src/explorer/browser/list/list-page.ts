import { html, useEffect, useKeys, useLayoutEffect, useMemo, useState } from '../dom.ts';
import { options } from '../gateway/request.ts';
import { ErrorState } from '../parts/error-state.ts';
import { hrefOf, place } from '../router.ts';
import { filtersIn, searchOf } from '../runs/filters.ts';
import { list, news, watch } from '../runs/run-list.ts';
import { useStore } from '../store.ts';
import { FilterBar } from './filter-bar.ts';
import { Empty, ListFooter, Skeleton } from './list-ends.ts';
import { focusRow, moveInRows, RunTable } from './run-table.ts';
import { Stats } from './stats.ts';

/** What is shown: coming back from a run finds it as it was. */
let watched: string | undefined;

/** Milliseconds between two announcements of new runs to screen readers. */
const SAY_MS = 10_000;

/** The page of runs. */
export function ListPage() {
  const search = useStore(place, (current) => current.search);
  const filters = useMemo(() => filtersIn(search), [search]);
  const key = searchOf(filters);
  const { state, rows, hasMore, error, liveError } = useStore(list, (current) => current);
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
      liveError &&
      html`<p class="warning line bad" role="status">
        The list doesn’t follow changes: ${liveError.message}
        <button type="button" class="small" onClick=${retry}>Retry</button>
      </p>`
    }
    ${
      state === 'failed' && error
        ? html`<${ErrorState} error=${error} onRetry=${retry}>${clear}<//>`
        : state === 'loading'
          ? html`<${Skeleton} />`
          : rows.length === 0 && !hasMore
            ? html`<${Empty}>${clear}<//>`
            : html`<${RunTable} rows=${rows} /><${ListFooter} />`
    }
    <${Announcer} />`;
}

/** Tells screen readers of what is new, now and then. */
function Announcer() {
  const [text, setText] = useState('');
  useEffect(() => {
    let said = news.get();
    const timer = setInterval(() => {
      const { added, failed } = news.get();
      const counts = { new: added - said.added, failed: failed - said.failed };
      const parts = Object.entries(counts).flatMap(([what, count]) => (count > 0 ? `${count} ${what}` : []));
      said = { added, failed };
      if (parts.length > 0) setText(`Runs: ${parts.join(', ')}`);
    }, SAY_MS);
    return () => clearInterval(timer);
  }, []);
  return html`<p class="hidden" role="status">${text}</p>`;
}

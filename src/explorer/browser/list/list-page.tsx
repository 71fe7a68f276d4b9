import { isUnfinished } from '../../../client/api-error.ts';
import { ErrorState } from '../components/error-state.tsx';
import { number } from '../format/text.ts';
import { options } from '../page-options.ts';
import { useEffect, useKeys, useLayoutEffect, useMemo, useRef } from '../preact.ts';
import { hrefOf, place } from '../router.ts';
import { filtersIn, isOfWaiting, searchOf } from '../runs/filters.ts';
import { watchPending } from '../runs/pending.ts';
import { runList, MAX_ROWS, readMore, watchRuns } from '../runs/run-list.ts';
import { useStore } from '../store.ts';
import { Announcer } from './announcer.tsx';
import { AnswerNext } from './answer-next.tsx';
import { CancelMany } from './cancel-many.tsx';
import { GroupRuns, useChosenGroup } from './failures.tsx';
import { FilterBar } from './filter-bar.tsx';
import { focusRow, moveInRows, PendingList, RunTable, tickRow } from './run-table.tsx';
import { Stats } from './stats.tsx';

/** The filters of the list that is shown: coming back from a run doesn't read the list again. */
let shownKey: string | undefined;

/** How far below the viewport the footer is when the next rows are read. */
const PREFETCH = { rootMargin: '800px' };

export function ListPage() {
  const search = useStore(place, (current) => current.search);
  const filters = useMemo(() => filtersIn(search), [search]);
  const key = searchOf(filters);
  const { rows, hasMore, isReading, error } = useStore(runList, (current) => current);
  const chosen = useChosenGroup();
  const retry = (): void => watchRuns(filters);

  useEffect(() => {
    document.title = 'Runs';
    if (shownKey !== key) retry();
    shownKey = key;
  }, [key]);
  useEffect(() => watchPending(filters), [key]);
  useLayoutEffect(focusRow, []);
  useKeys(({ key: pressed, target }) => {
    const isInList = target instanceof Element && target.closest('.runs') !== null;
    const step = { j: 1, k: -1, ...(isInList && { ArrowDown: 1, ArrowUp: -1 }) }[pressed];
    if (pressed === '/') document.querySelector<HTMLElement>('[data-menu=Agent]')?.click();
    else if (pressed === 'x') tickRow();
    else if (step === undefined) return false;
    else moveInRows(step);
    return true;
  });

  const clear = key !== '' && (
    <a class="button" href={hrefOf('')}>
      Clear filters
    </a>
  );
  const hasRuns = rows.length > 0 || hasMore || isReading;
  const list = (
    <>
      {error && rows.length > 0 ? (
        <p class="line bad" role="status">
          The list doesn’t follow changes: {error.message}
          <button type="button" class="small" onClick={retry}>
            Retry
          </button>
        </p>
      ) : (
        error && (
          <ErrorState error={error} onRetry={retry}>
            {clear}
          </ErrorState>
        )
      )}
      {hasRuns ? (
        <>
          <CancelMany />
          <RunTable rows={rows} />
          <ListFooter />
        </>
      ) : (
        !error && (
          <div class="empty" role="status">
            {clear ? [NONE_MATCH, clear] : NONE_YET}
          </div>
        )
      )}
    </>
  );
  return (
    <>
      <h1 class="hidden">Runs</h1>
      {options.hasSampleRuns && (
        <p class="sample">
          <strong>These are sample runs</strong>, not yours. Start the gateway with{' '}
          <code>LETTA_BASE_URL</code>, the address of your Letta server, or <code>LETTA_API_KEY</code> to see
          your runs.
        </p>
      )}
      <FilterBar filters={filters} />
      {isOfWaiting(filters['status']) ? (
        <>
          <AnswerNext />
          <PendingList />
        </>
      ) : (
        <>
          <Stats filters={filters} />
          {chosen ? <GroupRuns group={chosen} /> : list}
        </>
      )}
      <Announcer />
    </>
  );
}

const EXAMPLE = `curl http://localhost:8283/v1/agents/AGENT_ID/messages \\
  -H 'content-type: application/json' \\
  -d '{"messages": [{"role": "user", "content": "Hello"}]}'`;
const NONE_MATCH = (
  <>
    <h2>No runs match these filters</h2>
    <p>Runs that match appear here as they are created.</p>
  </>
);
const NONE_YET = (
  <>
    <h2>No runs yet</h2>
    <p>A run appears here as soon as an agent is sent a message, from the Letta ADE, an SDK, or like this:</p>
    <pre>{EXAMPLE}</pre>
    <p>
      Is this the wrong server? Start the gateway with the address of yours in <code>LETTA_BASE_URL</code>.
    </p>
  </>
);

/** The state of the list, below its rows. More rows are read when the footer comes near the viewport. */
function ListFooter() {
  const { rows, hasMore, isReading, moreError } = useStore(runList, (current) => current);
  const footer = useRef<HTMLParagraphElement>(null);
  const isFull = rows.length >= MAX_ROWS;
  const isSearching = moreError !== undefined && isUnfinished(moreError);
  const canRead = hasMore && !isFull && !isReading;
  useEffect(() => {
    if (!canRead || moreError !== undefined || footer.current === null) return undefined;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) void readMore();
    }, PREFETCH);
    observer.observe(footer.current);
    return () => observer.disconnect();
  });
  const count = number(rows.length);
  const all = rows.length === 1 ? 'One run' : `All ${count} runs`;
  const end = hasMore ? isFull && `The newest ${count} runs. Choose a time range to see older ones.` : all;
  const failure = moreError && `${isSearching ? `${count} runs so far. ` : ''}${moreError.message}`;
  const text = failure ?? (isReading ? 'Loading…' : end);
  const label = isSearching ? 'Search further' : moreError ? 'Retry' : 'Load more';
  return (
    <p class="footer line muted" role={moreError && 'status'} ref={footer}>
      {text}
      {canRead && (
        <button type="button" class="small" onClick={() => void readMore()}>
          {label}
        </button>
      )}
    </p>
  );
}

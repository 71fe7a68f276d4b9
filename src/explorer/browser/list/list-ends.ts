import { type ComponentChildren, html, useEffect, useRef } from '../dom.ts';
import { number } from '../format/text.ts';
import { isUnfinished } from '../gateway/api-error.ts';
import { list, MAX_ROWS, readMore } from '../runs/run-list.ts';
import { useStore } from '../store.ts';

/** What is in the place of rows until there are some. */
export function Skeleton() {
  return html`<div class="skeleton card" role="status" aria-label="Loading runs">
    ${Array.from({ length: 12 }, (_, index) => html`<div key=${index} class="row"><span class="bone" /></div>`)}
  </div>`;
}

/**
 * What is said where there are no runs.
 *
 * @param children what clears the filters, if there are some
 */
export function Empty({ children }: { readonly children?: ComponentChildren }) {
  if (children) {
    return html`<div class="empty" role="status">
      <h2>No runs match these filters</h2>
      <p>Runs that match appear here as they are created.</p>
      <p class="line">${children}</p>
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

/** How near the end of the rows more are read. */
const AHEAD = { rootMargin: '800px' };

/** What is said at the end of the rows. It reads more when it comes near the window. */
export function ListFooter() {
  const { rows, hasMore, isLoadingMore, moreError } = useStore(list, (current) => current);
  const footer = useRef<HTMLElement>(null);
  const isFull = rows.length >= MAX_ROWS;
  const isSearching = moreError !== undefined && isUnfinished(moreError);
  const canRead = hasMore && !isFull && !isLoadingMore;
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
    : isLoadingMore
      ? 'Loading more…'
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

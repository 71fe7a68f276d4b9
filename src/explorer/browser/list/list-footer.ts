import { html, useEffect, useRef } from '../dom.ts';
import { number } from '../format/text.ts';
import { isUnfinished } from '../gateway/api-error.ts';
import { list, MAX_ROWS, readMore } from '../runs/run-list.ts';
import { useStore } from '../store.ts';

/** How near the end of the rows more are read. */
const AHEAD = { rootMargin: '800px' };

/** What is said at the end of the rows. It reads more when it comes near the window. */
export function ListFooter() {
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

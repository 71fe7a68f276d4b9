import { html, useEffect, useRef } from '../dom.ts';
import { number } from '../format/text.ts';
import { isUnfinished } from '../gateway/api-error.ts';
import { list, MAX_ROWS, readMore } from '../runs/run-list.ts';
import { useStore } from '../store.ts';

/** How near the end of the rows more are read. */
const AHEAD = { rootMargin: '800px' };

const button = (text: string) =>
  html`<button type="button" class="small" onClick=${() => void readMore()}>${text}</button>`;

/** What is said at the end of the rows. It reads more when it comes near the window. */
export function ListFooter() {
  const { rows, hasMore, isLoadingMore, moreError } = useStore(list, (current) => current);
  const more = useRef<HTMLElement>(null);
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) void readMore();
    }, AHEAD);
    if (more.current !== null) observer.observe(more.current);
    return () => observer.disconnect();
  });
  const count = number(rows.length);
  if (moreError !== undefined) {
    const isSearching = isUnfinished(moreError);
    return html`<p class="footer" role="status">
      ${isSearching ? `${count} runs so far. ` : ''}${moreError.message}
      ${button(isSearching ? 'Keep looking' : 'Retry')}
    </p>`;
  }
  if (isLoadingMore) return html`<p class="footer">Loading more…</p>`;
  if (!hasMore) return html`<p class="footer">${rows.length === 1 ? 'One run' : `All ${count} runs`}</p>`;
  return rows.length < MAX_ROWS
    ? html`<p class="footer" ref=${more}>${button('Load more')}</p>`
    : html`<p class="footer">The newest ${count} runs. Choose a time range to see older ones.</p>`;
}

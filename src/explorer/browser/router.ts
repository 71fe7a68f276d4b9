import { createStore } from './store.ts';

/** The root of the page, wherever a proxy has put it. This file is at `<root>/explorer/<digest>/router.ts`. */
export const ROOT = new URL('../../', import.meta.url);

/** `path` is below the root, such as `` or `runs/run-…`; `search` has its question mark. */
const here = (): { readonly path: string; readonly search: string } => ({
  path: location.pathname.slice(ROOT.pathname.length),
  search: location.search,
});

/** Where one is. */
export const place = createStore(here());

/** @param to an address below the root, such as `?status=FAILED` or `runs/run-…` */
export const hrefOf = (to: string): string => new URL(to, ROOT).href;

/**
 * Goes to an address without loading the page.
 *
 * @param to below the root
 * @param replaces whether it takes the place of the current address in the history
 */
export function navigate(to: string, replaces = false): void {
  const href = hrefOf(to);
  if (href === location.href) return;
  // Whether there is a page of ours to go back to.
  if (replaces) history.replaceState(history.state, '', href);
  else history.pushState({ isInside: true }, '', href);
  place.set(here());
}

/** The id of the run whose page is at a path. */
export function runIdIn(path: string): string | undefined {
  const [, id] = /^runs\/([^/]+)$/.exec(path) ?? [];
  try {
    return id && decodeURIComponent(id);
  } catch {
    // Its escapes mean nothing, so no run has it.
    return id;
  }
}

/** Goes back to the list as it was; to the whole list for those who came by a link. */
export function leave(): void {
  if (history.state?.isInside === true) history.back();
  else navigate('');
}

/** Follows links of the page without loading it, unless they are to be opened elsewhere. */
export function followLinks(): void {
  addEventListener('popstate', () => place.set(here()));
  document.addEventListener('click', (event) => {
    const { target, button, metaKey, ctrlKey, shiftKey, altKey } = event;
    const link = target instanceof Element ? target.closest('a[data-inside]') : null;
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented) return;
    if (button !== 0 || metaKey || ctrlKey || shiftKey || altKey) return;
    event.preventDefault();
    if (link.dataset['inside'] === 'back') leave();
    else navigate(link.href);
  });
}

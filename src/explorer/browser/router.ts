import { createStore } from './store.ts';

/** The root of the page, wherever a proxy has put it. This file is at `<root>/explorer/<digest>/router.ts`. */
export const ROOT = new URL('../../', import.meta.url);

/** Splits an address into its path below the root, such as `` or `runs/run-…`, and its query with the question mark. */
const placeAt = (href: string): { readonly path: string; readonly search: string } => {
  const { pathname, search } = new URL(href);
  return { path: pathname.slice(ROOT.pathname.length), search };
};

const navigations: Navigation | undefined = globalThis.navigation;

/** The current address. */
export const place = createStore(placeAt(location.href));

/** @param to an address below the root, such as `?status=FAILED` or `runs/run-…` */
export const hrefOf = (to: string): string => new URL(to, ROOT).href;

/**
 * Goes to an address.
 *
 * @param to below the root
 * @param replaces whether it replaces the current address in the history
 */
export function navigate(to: string, replaces = false): void {
  location[replaces ? 'replace' : 'assign'](hrefOf(to));
}

/** The kind of page at a path, and the id of what it shows; the kind is undefined for the list of runs. */
export function pageAt(path: string): readonly [kind: string | undefined, id: string] {
  if (path === 'conversations') return ['list of conversations', ''];
  const [, kind, id = ''] = /^(runs|agents|conversations)\/([^/]+)$/.exec(path) ?? [];
  try {
    return [kind, decodeURIComponent(id)];
  } catch {
    // A malformed escape: nothing has this id, and the page says so.
    return [kind, id];
  }
}

/** Goes back to the list as it was; without a list in the history, to the list of all runs. */
export function leave(event?: MouseEvent): void {
  // The browser opens the link in another tab or window.
  if (event?.ctrlKey || event?.metaKey || event?.shiftKey) return;
  event?.preventDefault();
  const before = navigations?.entries()[(navigations.currentEntry?.index ?? 0) - 1]?.url;
  if (before?.startsWith(ROOT.href) && placeAt(before).path === '') history.back();
  else navigate('');
}

/** Follows links between the pages without loading a page, in browsers with the Navigation API. */
export function followLinks(): void {
  navigations?.addEventListener('navigate', (event) => {
    const { canIntercept, hashChange, navigationType, downloadRequest, destination } = event;
    const { path } = placeAt(destination.url);
    const isPage = destination.url.startsWith(ROOT.href) && (path === '' || pageAt(path)[0] !== undefined);
    if (!canIntercept || hashChange || downloadRequest !== null || !isPage) return;
    if (navigationType === 'reload') return;
    const handler = async (): Promise<void> => {
      place.set(placeAt(location.href));
      // The new page has to be rendered before the browser restores its scroll position.
      await new Promise((resolve) => setTimeout(resolve));
    };
    // `focusRow` restores the focus.
    event.intercept({ handler, focusReset: 'manual' });
  });
}

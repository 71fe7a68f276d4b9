import { createStore } from './store.ts';

/** The root of the page, wherever a proxy has put it. This file is at `<root>/explorer/<digest>/router.ts`. */
export const ROOT = new URL('../../', import.meta.url);

/** An address: its path below the root, such as `` or `runs/run-…`, and its query with the question mark. */
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
 * @param replaces whether it takes the place of the current address in the history
 */
export function navigate(to: string, replaces = false): void {
  location[replaces ? 'replace' : 'assign'](hrefOf(to));
}

/** The id of the run whose page is at a path. */
export function runIdIn(path: string): string | undefined {
  const [, id] = /^runs\/([^/]+)$/.exec(path) ?? [];
  try {
    return id && decodeURIComponent(id);
  } catch {
    // No run has an id with escapes that mean nothing.
    return id;
  }
}

/** Goes back to the list as it was; to the whole list for those who came by a link. */
export function leave(event?: MouseEvent): void {
  // A link that is to be opened in another tab.
  if (event?.ctrlKey || event?.metaKey || event?.shiftKey) return;
  event?.preventDefault();
  const before = navigations?.entries()[(navigations.currentEntry?.index ?? 0) - 1]?.url;
  if (before?.startsWith(ROOT.href) && placeAt(before).path === '') history.back();
  else navigate('');
}

/** Follows links between the list and runs without loading a page, where browsers have the Navigation API. */
export function followLinks(): void {
  navigations?.addEventListener('navigate', (event) => {
    const { canIntercept, hashChange, navigationType, downloadRequest, destination } = event;
    const { path } = placeAt(destination.url);
    const isOurs = destination.url.startsWith(ROOT.href) && (path === '' || runIdIn(path) !== undefined);
    if (!canIntercept || hashChange || downloadRequest !== null || !isOurs) return;
    if (navigationType === 'reload') return;
    const handler = async (): Promise<void> => {
      place.set(placeAt(location.href));
      // Then the new view is there, and the browser scrolls it to where it was.
      await new Promise((resolve) => setTimeout(resolve));
    };
    // Rows take the focus themselves.
    event.intercept({ handler, focusReset: 'manual' });
  });
}

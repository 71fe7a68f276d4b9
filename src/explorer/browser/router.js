// Where one is: the list at the root, a run at `runs/<id>`. All addresses are relative to the root, which a proxy may
// have put anywhere.

import { createStore } from './store.js';

/** The root of the explorer, with a slash at its end. This file is at `<root>/explorer/<digest>/router.js`. */
export const ROOT = new URL('../../', import.meta.url);

/**
 * @typedef {object} Place
 * @property {string} path below the root, such as `` or `runs/run-…`
 * @property {string} search with its question mark, if there is one
 */

/** @returns {Place} */
const here = () => ({ path: location.pathname.slice(ROOT.pathname.length), search: location.search });

/** Where one is. */
export const place = createStore(here());

/** @param {string} to an address below the root, such as `?status=FAILED` or `runs/run-…` */
export function hrefOf(to) {
  const { href } = new URL(to, ROOT);
  return href;
}

/**
 * Goes to an address, without loading the page.
 *
 * @param {string} to an address below the root
 * @param {{ replaces?: boolean }} [options] whether it takes the place of the current one in the history
 */
export function navigate(to, { replaces = false } = {}) {
  const href = hrefOf(to);
  if (href === location.href) return;
  // Whether there is a page of ours to go back to.
  if (replaces) history.replaceState(history.state, '', href);
  else history.pushState({ isInside: true }, '', href);
  place.set(here());
}

/** @param {string} path below the root */
export function runIdIn(path) {
  const [, id] = /^runs\/([^/]+)$/.exec(path) ?? [];
  try {
    return id && decodeURIComponent(id);
  } catch {
    // Its escapes mean nothing, so no run has it.
    return id;
  }
}

/** Goes back to the list as it was; to the whole list for those who came by a link. */
export function leave() {
  if (history.state?.isInside === true) history.back();
  else navigate('');
}

/** Follows links of the page without loading it, unless they are to be opened elsewhere. */
export function followLinks() {
  addEventListener('popstate', () => place.set(here()));
  document.addEventListener('click', (event) => {
    const { target, button, metaKey, ctrlKey, shiftKey, altKey } = event;
    const link = target instanceof Element ? target.closest('a[data-inside]') : null;
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented) return;
    if (button !== 0 || metaKey || ctrlKey || shiftKey || altKey) return;
    event.preventDefault();
    navigate(link.href);
  });
}

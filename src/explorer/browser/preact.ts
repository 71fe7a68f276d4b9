import { useEffect } from 'preact/hooks';

export { type ComponentChildren, render } from 'preact';
export { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';

/**
 * Listens to keys, except those typed into a field or a dialog, for as long as the component is shown.
 *
 * @param onKey returns whether it has handled the key
 */
export function useKeys(onKey: (event: KeyboardEvent) => boolean): void {
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      const { target, metaKey, ctrlKey, altKey, defaultPrevented } = event;
      if (metaKey || ctrlKey || altKey || defaultPrevented) return;
      if (target instanceof Element && target.closest('input, select, textarea')) return;
      // An open dialog or popover lies over the page, and handles all keys, wherever the focus is.
      if (document.querySelector('dialog[open], :popover-open')) return;
      if (onKey(event)) event.preventDefault();
    };
    addEventListener('keydown', listener);
    return () => removeEventListener('keydown', listener);
  });
}

/** Returns the text of a field of a form, without spaces around it. */
export function textOf(form: HTMLFormElement, name: string): string {
  const entry = new FormData(form).get(name);
  return typeof entry === 'string' ? entry.trim() : '';
}

import htm from 'htm';
import { h } from 'preact';
import { useEffect } from 'preact/hooks';

export { type ComponentChildren, render } from 'preact';
export { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';

/** Makes elements from a template: html`<p class=${name}>${text}</p>`. Texts are never parsed as HTML. */
export const html = htm.bind(h);

/** Listens to an event of the window for as long as the component is shown. */
export function useWindowEvent<Name extends keyof WindowEventMap>(
  name: Name,
  listener: (event: WindowEventMap[Name]) => void,
): void {
  useEffect(() => {
    addEventListener(name, listener, { passive: name === 'scroll' });
    return () => removeEventListener(name, listener);
  });
}

/**
 * Calls a function for keys that aren't typed into something.
 *
 * @param onKey returns whether it has used the key
 */
export function useKeys(onKey: (event: KeyboardEvent) => boolean): void {
  useWindowEvent('keydown', (event) => {
    const { target, metaKey, ctrlKey, altKey, defaultPrevented } = event;
    if (metaKey || ctrlKey || altKey || defaultPrevented) return;
    if (target instanceof Element && target.closest('input, select, textarea, dialog, [popover]')) return;
    if (onKey(event)) event.preventDefault();
  });
}

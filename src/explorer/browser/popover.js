// A button with a panel that opens below it.

import { html, useEffect, useId, useRef, useState } from './dom.js';

/**
 * @param {{ label: any, name?: string, children: (close: () => void) => any }} props `name` is for `openPopover`; the
 *   contents are made when the panel opens
 */
export function Popover({ label, name, children }) {
  const id = useId();
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const panel = useRef(/** @type {HTMLElement | null} */ (null));
  const [isOpen, setOpen] = useState(false);
  const close = () => panel.current?.hidePopover();
  useEffect(() => {
    const place = () => {
      const at = button.current?.getBoundingClientRect();
      const { current } = panel;
      if (!isOpen || at === undefined || current === null) return;
      current.style.left = `${Math.max(8, Math.min(at.left, innerWidth - current.offsetWidth - 8))}px`;
      current.style.top = `${at.bottom + 4}px`;
    };
    place();
    if (isOpen) panel.current?.querySelector('input')?.focus();
    addEventListener('resize', place);
    return () => removeEventListener('resize', place);
  }, [isOpen]);
  return html`<button
      ref=${button}
      type="button"
      class="menu"
      popovertarget=${id}
      aria-expanded=${isOpen}
      data-opens=${name}
    >
      ${label}<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
        <path d="M4.5 6.5L8 10l3.5-3.5" />
      </svg>
    </button>
    <div
      ref=${panel}
      id=${id}
      popover="auto"
      class="panel"
      onToggle=${(/** @type {ToggleEvent} */ { newState }) => setOpen(newState === 'open')}
    >
      ${isOpen && children(close)}
    </div>`;
}

/** @param {string} name */
export function openPopover(name) {
  const button = document.querySelector(`[data-opens="${name}"]`);
  if (button instanceof HTMLElement && button.getAttribute('aria-expanded') !== 'true') button.click();
}

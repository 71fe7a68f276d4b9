import { type ComponentChildren, html, useEffect, useRef, useId, useState, useWindowEvent } from '../dom.ts';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children?: ComponentChildren;
}

/** A dialog that is open for as long as it is rendered. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const { activeElement } = document;
    ref.current?.showModal();
    // Browsers give the focus back only to those who close a dialog, not to those who remove it.
    return () => {
      if (activeElement instanceof HTMLElement) activeElement.focus();
    };
  }, []);
  const closeFromBeside = ({ target }: MouseEvent): void => {
    if (target === ref.current) onClose();
  };
  return html`<dialog
    class="overlay"
    ref=${ref}
    aria-label=${title}
    onClose=${onClose}
    onClick=${closeFromBeside}
  >
    <div class="dialog">
      <h2>${title}</h2>
      ${children}
    </div>
  </dialog>`;
}

interface PopoverProps {
  readonly label: string;
  /** Opens it by `openPopover`. */
  readonly name?: string;
  /** Makes the contents when the panel opens. */
  readonly children: (close: () => void) => ComponentChildren;
}

/** A button with a panel that opens below it. */
export function Popover({ label, name, children }: PopoverProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = (): void => panel.current?.hidePopover();
  const place = (): void => {
    const at = button.current?.getBoundingClientRect();
    const { current } = panel;
    if (!isOpen || at === undefined || current === null) return;
    current.style.left = `${Math.max(8, Math.min(at.left, innerWidth - current.offsetWidth - 8))}px`;
    current.style.top = `${at.bottom + 4}px`;
  };
  useEffect(() => {
    place();
    if (isOpen) panel.current?.querySelector('input')?.focus();
  }, [isOpen]);
  useWindowEvent('resize', place);
  return html`<button
      ref=${button}
      type="button"
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
      class="panel overlay"
      onToggle=${({ newState }: ToggleEvent) => setOpen(newState === 'open')}
    >
      ${isOpen && children(close)}
    </div>`;
}

/** Opens the popover with a name. */
export function openPopover(name: string): void {
  const button = document.querySelector<HTMLElement>(`[data-opens="${name}"]`);
  if (button?.getAttribute('aria-expanded') !== 'true') button?.click();
}

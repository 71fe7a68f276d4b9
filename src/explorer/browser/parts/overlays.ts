import { type ComponentChildren, html, useEffect, useRef } from '../dom.ts';

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

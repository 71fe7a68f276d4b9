import { type ComponentChildren, useId } from '../preact.ts';

type PanelEvent<Type> = Type & { readonly currentTarget: HTMLElement };

const close = ({ type, target, currentTarget }: PanelEvent<Event>): void => {
  const isChoice = type === 'submit' || (target instanceof Element && target.closest('a') !== null);
  if (isChoice) currentTarget.hidePopover();
};

/** Moves the focus by arrow keys between a search field and the links below it. */
const moveByArrows = (event: PanelEvent<KeyboardEvent>): void => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('[type=search], a')];
  const index = stops.findIndex((stop) => stop === event.target);
  if (step === undefined || index < 0) return;
  stops[index + step]?.focus();
  event.preventDefault();
};

/** A button with a panel below it, which closes when a link in it is followed or its form is sent. */
export function Menu({ label, children }: { readonly label: string; readonly children?: ComponentChildren }) {
  const id = useId();
  return (
    <>
      <button type="button" data-menu={label} popovertarget={id}>
        {label}
      </button>
      <div id={id} popover class="panel overlay" onClick={close} onSubmit={close} onKeyDown={moveByArrows}>
        {children}
      </div>
    </>
  );
}

import { type ComponentChildren, html } from '../dom.ts';

interface FoldProps {
  readonly title: ComponentChildren;
  /** Whether it is open at first. */
  readonly isOpen?: boolean;
  readonly class?: string;
  readonly children?: ComponentChildren;
}

/** What is folded at first. */
export function Fold({ title, isOpen = false, class: name = '', children }: FoldProps) {
  return html`<details class=${`fold ${name}`} open=${isOpen}>
    <summary>${title}</summary>
    <div class="folded">${children}</div>
  </details>`;
}

/** Names with their values; without those that are empty. */
export function Definitions({ of }: { readonly of: readonly (readonly [string, ComponentChildren])[] }) {
  const items = of.filter(([, value]) => value);
  return html`<dl>
    ${items.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/**
 * Goes to a step of the run, and opens it. Not as other links do: the history is that of the pages.
 *
 * @param number counted from 1
 */
export function StepLink({ number }: { readonly number: number }) {
  const go = (event: MouseEvent): void => {
    event.preventDefault();
    const step = document.querySelector(`#step-${number} details`);
    step?.setAttribute('open', '');
    step?.querySelector('summary')?.focus();
  };
  return html`<a href=${`#step-${number}`} onClick=${go}>step ${number}</a>`;
}

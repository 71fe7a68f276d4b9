import type { ComponentChildren } from '../preact.ts';

interface FoldProps {
  readonly title: ComponentChildren;
  /** Whether the content is unfolded at first. */
  readonly isOpen?: boolean;
  readonly class?: string;
  readonly children?: ComponentChildren;
}

/** A title, with content that a click unfolds. */
export function Fold({ title, isOpen = false, class: name = '', children }: FoldProps) {
  return (
    <details class={`fold ${name}`} open={isOpen}>
      <summary>{title}</summary>
      <div class="folded">{children}</div>
    </details>
  );
}

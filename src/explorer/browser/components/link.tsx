import type { ComponentChildren } from '../preact.ts';
import { hrefOf } from '../router.ts';

/** A link to an address below the root. */
export const linkTo = (address: string, text: ComponentChildren): ComponentChildren => (
  <a href={hrefOf(address)}>{text}</a>
);

import type { ComponentChildren } from '../preact.ts';

/** Names with their values; empty values are left out. */
export function Definitions({ of }: { readonly of: readonly (readonly [string, ComponentChildren])[] }) {
  const items = of.filter(([, value]) => value);
  return (
    <dl>
      {items.map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

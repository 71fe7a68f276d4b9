import { type ResponseError, ApiError } from '../../../client/api-error.ts';
import { ErrorState } from '../components/error-state.tsx';
import { type ComponentChildren, useState } from '../preact.ts';
import type { Items } from './items.ts';
import { NEWEST, PAGE, type Pages } from './use-run.ts';

interface PartProps {
  readonly title: string;
  readonly name: 'steps' | 'messages';
  readonly items: Items<unknown> | undefined;
  readonly errors: readonly ResponseError[];
  readonly load: (pages: Pages) => Promise<unknown>;
  readonly children?: ComponentChildren;
}

/** A list of a run or a conversation, or why the list isn't shown. */
export function Part({ title, name, items, errors, load, children }: PartProps) {
  const [isLoading, setLoading] = useState(false);
  const error = errors.find(({ path = [] }) => path[1] === name);
  const start = items?.start ?? null;
  const count = items?.nodes.length;
  const loadEarlier = async (): Promise<void> => {
    setLoading(true);
    await load({ ...NEWEST, [name]: PAGE[name], [`${name}Before`]: start });
    setLoading(false);
  };
  return (
    <section class="part" aria-label={title}>
      <h2 class="line">
        {title}{' '}
        <span class="muted">
          {start !== null && 'last '}
          {count}
        </span>
      </h2>
      {error &&
        (error.path?.length === 2 ? (
          <ErrorState error={new ApiError(error)} onRetry={() => void load(PAGE)} />
        ) : (
          <p class="bad">Not all of it could be read: {error.message}</p>
        ))}
      {start !== null && (
        <button type="button" disabled={isLoading} onClick={() => void loadEarlier()}>
          {isLoading ? 'Loading…' : `Show earlier ${name}`}
        </button>
      )}
      {count === 0 && <p class="muted">There are no {name}.</p>}
      {count === undefined && !error && <p class="muted">Loading…</p>}
      {count !== undefined && count > 0 && children}
    </section>
  );
}

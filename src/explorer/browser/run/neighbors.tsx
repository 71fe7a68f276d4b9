import { asApiError } from '../../../client/api-error.ts';
import { RUNS } from '../documents/runs.ts';
import { queryField } from '../gateway/query.ts';
import { type ComponentChildren, useKeys, useState } from '../preact.ts';
import { hrefOf, leave, navigate } from '../router.ts';
import { runList, readMore } from '../runs/run-list.ts';

type Side = 'newer' | 'older';

/** A link to the list; also by the key Escape. */
export function BackToList({ children }: { readonly children?: ComponentChildren }) {
  useKeys(({ key }) => {
    if (key === 'Escape') leave();
    return key === 'Escape';
  });
  return (
    <nav class="line" aria-label="Runs">
      <a href={hrefOf('')} onClick={leave}>
        <span aria-hidden="true">←</span> Runs
      </a>{' '}
      {children}
    </nav>
  );
}

/** Links to the list and to the next newer and older run; also by the keys k and j. */
export function Neighbors({ id }: { readonly id: string }) {
  const [message, setMessage] = useState('');
  const go = async (side: Side): Promise<void> => {
    try {
      const next = await neighborOf(id, side);
      if (next === undefined) setMessage(`There is no ${side} run.`);
      else navigate(`runs/${next}`, true);
    } catch (error) {
      setMessage(asApiError(error).message);
    }
  };
  useKeys(({ key }) => {
    const action = { j: () => void go('older'), k: () => void go('newer') }[key];
    action?.();
    return action !== undefined;
  });
  return (
    <BackToList>
      <button type="button" class="quiet" title="k" onClick={() => void go('newer')}>
        <span aria-hidden="true">↑</span> Newer
      </button>
      <button type="button" class="quiet" title="j" onClick={() => void go('older')}>
        <span aria-hidden="true">↓</span> Older
      </button>
      <span role="status" class="muted">
        {message}
      </span>
    </BackToList>
  );
}

/** Returns the id of the next newer or older run: in the list that was shown last, else among all runs. */
async function neighborOf(id: string, side: Side): Promise<string | undefined> {
  const indexIn = (): number => runList.get().rows.findIndex((row) => row.id === id);
  if (indexIn() < 0) {
    const page = side === 'newer' ? { last: 1, before: id } : { first: 1, after: id };
    return (await queryField(RUNS, page, 'runs')).nodes[0]?.id;
  }
  const { rows, hasMore } = runList.get();
  if (side === 'older' && hasMore && indexIn() === rows.length - 1) await readMore();
  return runList.get().rows[indexIn() + (side === 'newer' ? -1 : 1)]?.id;
}

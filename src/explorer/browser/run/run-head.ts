import type { ExplorerRowFragment } from '../__generated__/graphql.ts';
import { type Facts, RUN } from '../documents/run.ts';
import { RUNS } from '../documents/runs.ts';
import { html, useKeys, useState } from '../dom.ts';
import { asApiError } from '../gateway/api-error.ts';
import { queryField } from '../gateway/query.ts';
import { ENDPOINT } from '../gateway/request.ts';
import { CancelButton } from '../parts/cancel-button.ts';
import { StateLabel } from '../parts/run-labels.ts';
import { hrefOf, leave, navigate } from '../router.ts';
import { list, readMore } from '../runs/run-list.ts';

interface Props {
  readonly run: Facts;
  readonly name: string;
  readonly onCancelled: (run: ExplorerRowFragment) => void;
}

/** The name and state of a run, and what can be done with it. */
export function RunHead({ run, name, onCancelled }: Props) {
  // GraphiQL takes no variables from links.
  const query = RUN.text.replace('$id: ID!', `$id: ID! = ${JSON.stringify(run.id)}`);
  return html`<header class="run-head line">
    <h1>${name}</h1>
    <${StateLabel} run=${run} />
    <code class="muted">${run.id}</code>
    <div class="actions line">
      <a href=${`${ENDPOINT}?${new URLSearchParams({ query })}`} target="_blank" rel="noopener"
        >Open in GraphiQL</a
      >
      <${CancelButton} run=${run} onDone=${onCancelled} />
    </div>
  </header>`;
}

type Side = 'newer' | 'older';

/** The way to the list and to the runs beside one, by the keyboard too: Escape, j and k. */
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
    const action = { Escape: () => leave(), j: () => void go('older'), k: () => void go('newer') }[key];
    action?.();
    return action !== undefined;
  });
  return html`<nav class="line" aria-label="Runs">
    <a href=${hrefOf('')} onClick=${leave}><span aria-hidden="true">←</span> Runs</a>
    <button type="button" class="quiet" title="k" onClick=${() => void go('newer')}>
      <span aria-hidden="true">↑</span> Newer
    </button>
    <button type="button" class="quiet" title="j" onClick=${() => void go('older')}>
      <span aria-hidden="true">↓</span> Older
    </button>
    <span role="status" class="muted">${message}</span>
  </nav>`;
}

/** The id of the run beside one: in the list that one came from, else among all. */
async function neighborOf(id: string, side: Side): Promise<string | undefined> {
  const indexIn = (): number => list.get().rows.findIndex((row) => row.id === id);
  if (indexIn() < 0) {
    const page = side === 'newer' ? { last: 1, before: id } : { first: 1, after: id };
    return (await queryField(RUNS, page, 'runs')).nodes[0]?.id;
  }
  const { rows, hasMore } = list.get();
  if (side === 'older' && hasMore && indexIn() === rows.length - 1) await readMore();
  return list.get().rows[indexIn() + (side === 'newer' ? -1 : 1)]?.id;
}

import { ExplorerNeighborsDocument, ExplorerRunDocument } from '../__generated__/graphql.ts';
import { html, useKeys, useState } from '../dom.ts';
import { asApiError } from '../gateway/api-error.ts';
import { queryField } from '../gateway/query-field.ts';
import { ENDPOINT } from '../gateway/request.ts';
import { CancelButton } from '../parts/cancel-button.ts';
import { StateLabel } from '../parts/state-label.ts';
import { hrefOf, leave, navigate } from '../router.ts';
import { list, readMore } from '../runs/run-list.ts';
import type { Facts } from './nodes.ts';
import type { OpenRun } from './open-run.ts';

interface Props {
  readonly run: Facts;
  readonly name: string;
  readonly opened: OpenRun;
}

/** The name and state of a run, what can be done with it, and the way to the runs beside it. */
export function RunHead({ run, name, opened }: Props) {
  const [message, setMessage] = useState('');
  const go = async (side: 'newer' | 'older'): Promise<void> => {
    try {
      const next = await neighborOf(run.id, side);
      if (next === undefined) setMessage(`There is no ${side} run.`);
      else navigate(`runs/${next}`, true);
    } catch (error) {
      setMessage(asApiError(error).message);
    }
  };
  useKeys(({ key }) => {
    if (key === 'Escape') leave();
    if (key === 'j') void go('older');
    if (key === 'k') void go('newer');
    return ['Escape', 'j', 'k'].includes(key);
  });
  // GraphiQL takes no variables from links.
  const query = String(ExplorerRunDocument).replace('$id: ID!', `$id: ID! = ${JSON.stringify(run.id)}`);
  return html`<header class="run-head">
    <nav aria-label="Runs">
      <a data-inside="back" href=${hrefOf('')}><span aria-hidden="true">←</span> Runs</a>
      <button type="button" class="quiet" data-tip="k" onClick=${() => void go('newer')}>
        <span aria-hidden="true">↑</span> Newer
      </button>
      <button type="button" class="quiet" data-tip="j" onClick=${() => void go('older')}>
        <span aria-hidden="true">↓</span> Older
      </button>
      <span role="status" class="muted">${message}</span>
    </nav>
    <h1>${name}</h1>
    <${StateLabel} run=${run} />
    <code class="muted">${run.id}</code>
    <div class="actions">
      <a href=${`${ENDPOINT}?${new URLSearchParams({ query })}`} target="_blank" rel="noopener"
        >Open in GraphiQL</a
      >
      <${CancelButton}
        run=${run}
        onDone=${(changed: Partial<Facts>) => opened.store.set({ run: { ...run, ...changed } })}
      />
    </div>
  </header>`;
}

/** The id of the run beside one: in the list that one came from, else among all. */
async function neighborOf(id: string, side: 'newer' | 'older'): Promise<string | undefined> {
  const indexIn = (): number => list.get().rows.findIndex((row) => row.id === id);
  if (indexIn() < 0) return (await queryField(ExplorerNeighborsDocument, { id }, side)).nodes[0]?.id;
  const { rows, hasMore } = list.get();
  if (side === 'older' && hasMore && indexIn() === rows.length - 1) await readMore();
  return list.get().rows[indexIn() + (side === 'newer' ? -1 : 1)]?.id;
}

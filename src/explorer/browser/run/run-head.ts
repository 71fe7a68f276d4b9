import { RUN } from '../documents/run.ts';
import { html } from '../dom.ts';
import { ENDPOINT } from '../gateway/request.ts';
import { CancelButton } from '../parts/cancel-button.ts';
import { StateLabel } from '../parts/run-labels.ts';
import { hrefOf, leave } from '../router.ts';
import type { Neighbors } from './neighbors.ts';
import type { Facts } from './nodes.ts';
import type { OpenRun } from './open-run.ts';

interface Props {
  readonly run: Facts;
  readonly name: string;
  readonly opened: OpenRun;
  readonly beside: Neighbors;
}

/** The name and state of a run, what can be done with it, and the way to the runs beside it. */
export function RunHead({ run, name, opened, beside }: Props) {
  // GraphiQL takes no variables from links.
  const query = RUN.text.replace('$id: ID!', `$id: ID! = ${JSON.stringify(run.id)}`);
  return html`<header class="run-head line">
    <nav class="line" aria-label="Runs">
      <a href=${hrefOf('')} onClick=${leave}><span aria-hidden="true">←</span> Runs</a>
      <button type="button" class="quiet" title="k" onClick=${() => void beside.go('newer')}>
        <span aria-hidden="true">↑</span> Newer
      </button>
      <button type="button" class="quiet" title="j" onClick=${() => void beside.go('older')}>
        <span aria-hidden="true">↓</span> Older
      </button>
      <span role="status" class="muted">${beside.message}</span>
    </nav>
    <h1>${name}</h1>
    <${StateLabel} run=${run} />
    <code class="muted">${run.id}</code>
    <div class="actions line">
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

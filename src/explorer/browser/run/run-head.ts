import type { ExplorerRowFragment } from '../__generated__/graphql.ts';
import { CancelButton } from '../components/cancel-button.ts';
import { StateLabel } from '../components/run-labels.ts';
import { type Facts, RUN } from '../documents/run.ts';
import { ENDPOINT } from '../page-options.ts';
import { html } from '../preact.ts';

interface Props {
  readonly run: Facts;
  readonly name: string;
  readonly onCancelled: (run: ExplorerRowFragment) => void;
}

/** The name and state of a run, a link to GraphiQL, and a button that cancels the run. */
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

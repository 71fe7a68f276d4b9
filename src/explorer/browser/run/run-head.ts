import { CancelButton } from '../components/cancel-button.ts';
import { StateLabel } from '../components/run-labels.ts';
import { type Facts, RUN } from '../documents/run.ts';
import { ENDPOINT } from '../page-options.ts';
import { html } from '../preact.ts';
import type { StateName } from '../runs/states.ts';
import { isPending } from './pause.ts';

interface Props {
  readonly run: Facts;
  readonly state: StateName;
  readonly name: string;
  readonly onCancelled: () => void;
}

/** The name and state of a run, a link to GraphiQL, and a button that cancels the run. */
export function RunHead({ run, state, name, onCancelled }: Props) {
  // GraphiQL takes no variables from links.
  const query = RUN.text.replace('$id: ID!', `$id: ID! = ${JSON.stringify(run.id)}`);
  const isInDefault = isPending(run) && run.conversationId === null;
  return html`<header class="run-head line">
    <h1>${name}</h1>
    <${StateLabel} state=${state} rawStatus=${run.rawStatus} />
    <code class="muted">${run.id}</code>
    <div class="actions line">
      <a href=${`${ENDPOINT}?${new URLSearchParams({ query })}`} target="_blank" rel="noopener"
        >Open in GraphiQL</a
      >
      <${CancelButton} run=${run} isWaiting=${isInDefault} onDone=${onCancelled} />
    </div>
  </header>`;
}

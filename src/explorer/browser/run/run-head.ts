import { CancelButton } from '../components/cancel-button.ts';
import { StateLabel } from '../components/run-labels.ts';
import { type Facts, RUN } from '../documents/run.ts';
import { ENDPOINT } from '../page-options.ts';
import { html } from '../preact.ts';
import { shownStateOf } from './pause.ts';

interface Props {
  readonly run: Facts;
  readonly name: string;
  /** Reads the run again. */
  readonly reload: () => void;
}

/** The name and state of a run, a link to GraphiQL, and a button that cancels the run. */
export function RunHead({ run, name, reload }: Props) {
  // GraphiQL takes no variables from links.
  const query = RUN.text.replace('$id: ID!', `$id: ID! = ${JSON.stringify(run.id)}`);
  const { conversationId, approval } = run;
  const isWaiting = conversationId === null && approval?.state === 'PENDING';
  return html`<header class="run-head line">
    <h1>${name}</h1>
    <${StateLabel} state=${shownStateOf(run)} rawStatus=${run.rawStatus} />
    <code class="muted">${run.id}</code>
    <div class="actions line">
      <a href=${`${ENDPOINT}?${new URLSearchParams({ query })}`} target="_blank" rel="noopener"
        >Open in GraphiQL</a
      >
      <${CancelButton} run=${run} isWaiting=${isWaiting} onDone=${reload} />
    </div>
  </header>`;
}

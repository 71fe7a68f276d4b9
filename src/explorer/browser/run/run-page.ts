import { type ComponentChildren, html, useEffect, useMemo, useState } from '../dom.ts';
import { brief } from '../format/text.ts';
import { ErrorState } from '../parts/error-state.ts';
import { Fold } from '../parts/fold.ts';
import { hrefOf, leave } from '../router.ts';
import { STATES, stateOf } from '../runs/states.ts';
import { useStore } from '../store.ts';
import { Conversation } from './conversation.ts';
import { FactList } from './facts.ts';
import type { ItemList } from './items.ts';
import { useNeighbors } from './neighbors.ts';
import { openRun } from './open-run.ts';
import { Outcome } from './outcome.ts';
import { RawJson } from './raw-json.ts';
import { RunHead } from './run-head.ts';
import { Waterfall } from './waterfall.ts';

/** The page of one run. */
export function RunPage({ id }: { readonly id: string }) {
  const opened = useMemo(() => openRun(id), [id]);
  const [attempt, setAttempt] = useState(0);
  const { run, error, errors } = useStore(opened.store, (state) => state);
  const steps = useStore(opened.steps.store, ({ nodes }) => nodes) ?? NONE;
  const messages = useStore(opened.messages.store, ({ nodes }) => nodes) ?? NONE;
  useEffect(() => {
    const leaving = new AbortController();
    void opened.follow(leaving.signal);
    return () => leaving.abort();
  }, [opened, attempt]);
  const beside = useNeighbors(id);
  const label = run ? STATES[stateOf(run)].label : '';
  const name = run ? brief(run.agent?.name ?? run.agentId) : '';
  useEffect(() => {
    document.title = run ? `${name}: ${label.toLowerCase()}` : 'Run';
  }, [run, name]);

  const retry = (): void => setAttempt(attempt + 1);
  const failure =
    error && html`<${ErrorState} error=${error} onRetry=${retry}>${run === undefined && BACK}<//>`;
  if (!run) {
    return html`<h1 class="hidden">Run</h1>
      ${failure ?? (run === null ? html`<${Missing} id=${id} />` : LOADING)}`;
  }
  return html`<article class="run">
    <${RunHead} run=${run} name=${name} opened=${opened} beside=${beside} />
    <p role="status" class="hidden">${label}</p>
    ${failure}
    <${Outcome} run=${run} steps=${steps} messages=${messages} />
    <div class="columns">
      <${FactList} run=${run} errors=${errors} />
      <div>
        <${Part} title="Steps" items=${opened.steps} onRetry=${() => void opened.loadItems()}>
          <${Waterfall} steps=${steps} />
        <//>
        <${Part} title="Conversation" items=${opened.messages} onRetry=${() => void opened.loadItems()}>
          <${Conversation} messages=${messages} steps=${steps} />
        <//>
        <${Fold} title="Raw JSON"><${RawJson} id=${id} /><//>
      </div>
    </div>
  </article>`;
}

const NONE: readonly never[] = [];
const LOADING = html`<p class="muted" aria-busy="true">Loading the run…</p>`;
const BACK = html`<a href=${hrefOf('')} onClick=${leave}>Back to the runs</a>`;

function Missing({ id }: { readonly id: string }) {
  return html`<div class="empty" role="alert">
    <h2>This run does not exist</h2>
    <p>No run has the id <code>${brief(id)}</code>, or you can’t see it. It may have been deleted.</p>
    <p>${BACK}</p>
  </div>`;
}

interface PartProps {
  readonly title: 'Steps' | 'Conversation';
  readonly items: ItemList<unknown>;
  readonly onRetry: () => void;
  readonly children?: ComponentChildren;
}

/** A list of the run, with what is said while it isn't there. */
function Part({ title, items, onRetry, children }: PartProps) {
  const { nodes, hasEarlier, error, partial } = useStore(items.store, (state) => state);
  const [isLoading, setLoading] = useState(false);
  const name = title === 'Steps' ? 'steps' : 'messages';
  const loadEarlier = async (): Promise<void> => {
    setLoading(true);
    await items.loadEarlier();
    setLoading(false);
  };
  return html`<section class="part" aria-label=${title}>
    <h2 class="line">
      ${title}
      ${nodes && html`<span class="muted">${hasEarlier ? `last ${nodes.length}` : nodes.length}</span>`}
    </h2>
    ${error && html`<${ErrorState} error=${error} onRetry=${onRetry} />`}
    ${partial && html`<p class="bad">Not all of it could be read: ${partial.message}</p>`}
    ${
      hasEarlier &&
      html`<button type="button" disabled=${isLoading} onClick=${() => void loadEarlier()}>
        ${isLoading ? 'Loading…' : `Show earlier ${name}`}
      </button>`
    }
    ${nodes?.length === 0 && html`<p class="muted">There are no ${name}.</p>`}
    ${nodes === undefined && error === undefined && html`<p class="muted">Loading…</p>`}
    ${nodes !== undefined && nodes.length > 0 && children}
  </section>`;
}

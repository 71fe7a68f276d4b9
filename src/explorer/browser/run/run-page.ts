import { type ComponentChildren, html, useEffect, useMemo, useState } from '../dom.ts';
import { brief } from '../format/text.ts';
import { ErrorState } from '../parts/error-state.ts';
import { STATES, stateOf } from '../runs/states.ts';
import { useStore } from '../store.ts';
import { Conversation } from './conversation.ts';
import { FactList } from './facts.ts';
import type { ItemList } from './items.ts';
import { openRun, PAGE } from './open-run.ts';
import { Outcome } from './outcome.ts';
import { RawJson } from './raw-json.ts';
import { Neighbors, RunHead } from './run-head.ts';
import { Waterfall } from './waterfall.ts';

const NONE: readonly never[] = [];

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
  const label = run ? STATES[stateOf(run)].label : '';
  const name = run ? brief(run.agent?.name ?? run.agentId) : '';
  useEffect(() => {
    document.title = run ? `${name}: ${label.toLowerCase()}` : 'Run';
  }, [run, name]);

  const onRetry = (): void => void opened.loadItems();
  return html`<article class="run">
    <${Neighbors} id=${id} />
    ${
      run
        ? html`<${RunHead}
            run=${run}
            name=${name}
            onCancelled=${(changed: object) => opened.store.set({ run: { ...run, ...changed } })}
          />`
        : html`<h1 class="hidden">Run</h1>`
    }
    <p role="status" class="hidden">${label}</p>
    ${error && html`<${ErrorState} error=${error} onRetry=${() => setAttempt(attempt + 1)} />`}
    ${run === null && html`<${Missing} id=${id} />`}
    ${run === undefined && !error && html`<p class="muted" aria-busy="true">Loading the run…</p>`}
    ${
      run &&
      html`<${Outcome} run=${run} steps=${steps} messages=${messages} />
        <div class="columns">
          <${FactList} run=${run} errors=${errors} />
          <div>
            <${Part} title="Steps" name="steps" items=${opened.steps} onRetry=${onRetry}>
              <${Waterfall} steps=${steps} />
            <//>
            <${Part} title="Conversation" name="messages" items=${opened.messages} onRetry=${onRetry}>
              <${Conversation} messages=${messages} steps=${steps} />
            <//>
            <${RawJson} id=${id} />
          </div>
        </div>`
    }
  </article>`;
}

function Missing({ id }: { readonly id: string }) {
  return html`<div class="empty" role="alert">
    <h2>This run does not exist</h2>
    <p>No run has the id <code>${brief(id)}</code>, or you can’t see it. It may have been deleted.</p>
  </div>`;
}

interface PartProps {
  readonly title: string;
  readonly name: keyof typeof PAGE;
  readonly items: ItemList<unknown>;
  readonly onRetry: () => void;
  readonly children?: ComponentChildren;
}

/** A list of the run, with what is said while it isn't there. */
function Part({ title, name, items, onRetry, children }: PartProps) {
  const { nodes, start, error, partial } = useStore(items.store, (state) => state);
  const [isLoading, setLoading] = useState(false);
  const loadEarlier = async (): Promise<void> => {
    setLoading(true);
    await items.loadEarlier(PAGE[name]);
    setLoading(false);
  };
  return html`<section class="part" aria-label=${title}>
    <h2 class="line">
      ${title} ${nodes && html`<span class="muted">${start !== null && 'last '}${nodes.length}</span>`}
    </h2>
    ${error && html`<${ErrorState} error=${error} onRetry=${onRetry} />`}
    ${partial && html`<p class="bad">Not all of it could be read: ${partial.message}</p>`}
    ${
      start !== null &&
      html`<button type="button" disabled=${isLoading} onClick=${() => void loadEarlier()}>
        ${isLoading ? 'Loading…' : `Show earlier ${name}`}
      </button>`
    }
    ${nodes?.length === 0 && html`<p class="muted">There are no ${name}.</p>`}
    ${!nodes && !error && html`<p class="muted">Loading…</p>`} ${nodes && nodes.length > 0 && children}
  </section>`;
}

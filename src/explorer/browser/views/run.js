// The page of one run, at `runs/<id>`.

import { asApiError, ENDPOINT, options, queryField } from '../api.js';
import { sawRun } from '../cancel.js';
import documents from '../documents.js';
import { html, useEffect, useMemo, useState } from '../dom.js';
import { brief } from '../format.js';
import { hrefOf, leave, navigate } from '../router.js';
import { list, readMore, rowOf } from '../runs.js';
import { isTyping } from '../shell.js';
import { STATES, stateOf } from '../states.js';
import { useStore } from '../store.js';
import { CancelButton, ErrorState, StateLabel } from '../widgets.js';
import { Facts } from './run/facts.js';
import { Fold } from './run/fold.js';
import { Outcome } from './run/head.js';
import { openRun } from './run/load.js';
import { Conversation } from './run/messages.js';
import { Raw } from './run/raw.js';
import { Waterfall } from './run/steps.js';

/** @param {{ id: string }} props */
export function RunView({ id }) {
  const opened = useMemo(() => openRun(id), [id]);
  const [attempt, setAttempt] = useState(0);
  const state = useStore(opened.store);
  useEffect(() => {
    const leaving = new AbortController();
    void opened.follow(leaving.signal);
    return () => leaving.abort();
  }, [opened, attempt]);
  const { run, error } = state;
  const name = run?.agent?.name ?? run?.agentId;
  useEffect(() => {
    document.title = run ? `${brief(name)}: ${STATES[stateOf(run)]?.label.toLowerCase()}` : 'Run';
    if (run) sawRun(rowOf(run));
  }, [run, name]);
  const retry = () => setAttempt(attempt + 1);
  const beside = useNeighbors(id);

  const heading = html`<h1 class="hidden">Run</h1>`;
  const back = html`<a data-inside href=${hrefOf('')} onClick=${goBack}>Back to the runs</a>`;
  if (run === undefined && error !== undefined) {
    return html`${heading}<${ErrorState} error=${error} onRetry=${retry}>${back}<//>`;
  }
  if (run === undefined)
    return html`${heading}
      <p class="muted" aria-busy="true">Loading the run…</p>`;
  if (run === null) {
    return html`${heading}
      <div class="empty" role="alert">
        <h2>This run does not exist</h2>
        <p>No run has the id <code>${brief(id)}</code>, or you can’t see it. It may have been deleted.</p>
        <p>${back}</p>
      </div>`;
  }
  return html`<article class="run">
    <${Head} run=${run} name=${name} opened=${opened} beside=${beside} />
    <p role="status" class="hidden">${STATES[stateOf(run)]?.label}</p>
    ${error !== undefined && html`<${ErrorState} error=${error} onRetry=${retry} />`}
    <${Outcome} run=${run} steps=${state.steps.nodes ?? []} messages=${state.messages.nodes ?? []} />
    <div class="columns">
      <${Facts} run=${run} errors=${state.errors} />
      <div class="story">
        <${Part} title="Steps" name="steps" opened=${opened} items=${state.steps}>
          <${Waterfall} steps=${state.steps.nodes ?? []} />
        <//>
        <${Part} title="Conversation" name="messages" opened=${opened} items=${state.messages}>
          <${Conversation} messages=${state.messages.nodes ?? []} steps=${state.steps.nodes ?? []} />
        <//>
        <${Fold} title="Raw JSON"><${Raw} id=${id} /><//>
      </div>
    </div>
  </article>`;
}

/** Back to the list as it was. @param {MouseEvent} event */
function goBack(event) {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  leave();
}

/**
 * @param {{ run: any, name: string, opened: import('./run/load.js').OpenRun,
 *   beside: ReturnType<typeof useNeighbors> }} props
 */
function Head({ run, name, opened, beside }) {
  const state = stateOf(run);
  // GraphiQL takes no variables from links.
  const query = documents.run.replace('$id: ID!', `$id: ID! = ${JSON.stringify(run.id)}`);
  return html`<header class="run-head">
    <nav aria-label="Runs">
      <a data-inside href=${hrefOf('')} onClick=${goBack}><span aria-hidden="true">←</span> Runs</a>
      <button type="button" class="quiet" data-tip="k" onClick=${() => void beside.go('newer')}>
        <span aria-hidden="true">↑</span> Newer
      </button>
      <button type="button" class="quiet" data-tip="j" onClick=${() => void beside.go('older')}>
        <span aria-hidden="true">↓</span> Older
      </button>
      <span role="status" class="muted">${beside.message}</span>
    </nav>
    <h1>${brief(name)}</h1>
    <${StateLabel} state=${state} status=${run.rawStatus} />
    <code class="muted">${run.id}</code>
    <div class="actions">
      <a href=${`${ENDPOINT}?${new URLSearchParams({ query })}`} target="_blank" rel="noopener"
        >Open in GraphiQL</a
      >
      ${
        !options.isReadOnly &&
        html`<${CancelButton}
          run=${rowOf(run)}
          onDone=${(/** @type {any} */ changed) => changed && opened.change(changed)}
        />`
      }
    </div>
  </header>`;
}

/**
 * A list, with what is said while it isn't there.
 *
 * @param {{ title: string, name: 'steps' | 'messages', opened: import('./run/load.js').OpenRun,
 *   items: import('./run/load.js').Items, children?: any }} props
 */
function Part({ title, name, opened, items, children }) {
  const { nodes, hasEarlier, error, partial } = items;
  const [isLoading, setLoading] = useState(false);
  const loadEarlier = async () => {
    setLoading(true);
    await opened.loadEarlier(name);
    setLoading(false);
  };
  return html`<section class="part" aria-label=${title}>
    <h2>
      ${title}
      ${nodes && html`<span class="muted">${hasEarlier ? `last ${nodes.length}` : nodes.length}</span>`}
    </h2>
    ${error !== undefined && html`<${ErrorState} error=${error} onRetry=${() => void opened.loadAll()} />`}
    ${partial && html`<p class="failed-field">Not all of it could be read: ${partial.message}</p>`}
    ${
      hasEarlier &&
      html`<button type="button" disabled=${isLoading} onClick=${() => void loadEarlier()}>
        ${isLoading ? 'Loading…' : `Show earlier ${name}`}
      </button>`
    }
    ${
      nodes === undefined
        ? error === undefined && html`<p class="muted">Loading…</p>`
        : nodes.length === 0
          ? html`<p class="muted">There are no ${name}.</p>`
          : children
    }
  </section>`;
}

/**
 * The run beside this one: in the list that one came from, else among all.
 *
 * @param {string} id
 * @param {'newer' | 'older'} side
 * @returns {Promise<string | undefined>} its id
 */
async function neighborOf(id, side) {
  const indexIn = () => list.get().rows.findIndex((row) => row.id === id);
  if (indexIn() < 0) return (await queryField(documents.neighbors, { id }, side))?.nodes[0]?.id;
  const { rows, hasMore } = list.get();
  if (side === 'older' && hasMore && indexIn() === rows.length - 1) await readMore();
  return list.get().rows[indexIn() + (side === 'newer' ? -1 : 1)]?.id;
}

/** Goes to the runs beside this one, by the keyboard too: j and k, and Escape for the list. @param {string} id */
function useNeighbors(id) {
  const [message, setMessage] = useState('');
  const go = async (/** @type {'newer' | 'older'} */ side) => {
    try {
      const next = await neighborOf(id, side);
      if (next === undefined) setMessage(`There is no ${side} run.`);
      else navigate(`runs/${next}`, { replaces: true });
    } catch (error) {
      setMessage(asApiError(error).message);
    }
  };
  useEffect(() => {
    const onKey = (/** @type {KeyboardEvent} */ event) => {
      const { key } = event;
      if (isTyping(event) || event.defaultPrevented) return;
      if (key === 'Escape') leave();
      if (key === 'j' || key === 'k') void go(key === 'j' ? 'older' : 'newer');
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [id]);
  return { message, go };
}

// Starts GraphiQL in the browser. The page's element `options` says with what, and the one that loads this file, by its
// attributes, where the editor's workers are.

/**
 * @typedef {object} Options
 * @property {readonly string[]} queries the texts of the first tabs
 * @property {boolean} requiresToken whether requests need an access token
 */

/** A pointer that moves further, in pixels, drags. */
const MAX_CLICK_PX = 4;

/** @type {Options} */
// oxlint-disable-next-line no-restricted-properties -- There is one text, the gateway's own.
const { queries, requiresToken } = JSON.parse(elementOf('#options').textContent);
const workers = document.currentScript?.dataset ?? {};

// Read by the editor when it is loaded, after this file.
window.MonacoEnvironment = {
  globalAPI: true,
  getWorkerUrl: (_module, label) => workers[label] ?? '',
};

const send = window.fetch.bind(window);

// The schema is shown as clients see it: sorted, and without what only federation routers ask for.
window.fetch = async (input, init) => {
  const response = await send(input, init);
  if (typeof init?.body !== 'string' || !init.body.includes('IntrospectionQuery')) return response;
  const answer = await response.json();
  const types = answer.data?.__schema?.types ?? [];
  const shown = types.filter((/** @type {Named} */ { name }) => !/^_[^_]/.test(name)).toSorted(byName);
  for (const { fields } of shown)
    fields?.splice(
      0,
      fields.length,
      ...fields.filter((/** @type {Named} */ { name }) => !name.startsWith('_')),
    );
  types.splice(0, types.length, ...shown);
  return new Response(JSON.stringify(answer), { status: response.status, headers: response.headers });
};

/**
 * @typedef {{ readonly name: string }} Named
 * @param {Named} one
 * @param {Named} other
 */
function byName({ name: one }, { name: other }) {
  return one < other ? -1 : 1;
}

document.addEventListener('DOMContentLoaded', () => {
  const fontSize = matchMedia('(max-width: 700px)').matches ? 13 : 15;
  window.monaco.editor.onDidCreateEditor((editor) => editor.updateOptions({ wordWrap: 'on', fontSize }));
  if (requiresToken) void askForToken();
  else showGraphiql({});
});

// A tab that is pressed can be dragged. What is around it then gets the click that the tab waits
// for, also if it was not dragged.
document.addEventListener('pointerdown', ({ target, clientX: from }) => {
  const tab = target instanceof Element ? target.closest('.graphiql-tab-button') : null;
  if (!(tab instanceof HTMLElement)) return;
  /** @param {MouseEvent} event */
  const onClick = ({ target: clicked, clientX: to }) => {
    const isAround = clicked instanceof Element && clicked !== tab && clicked.contains(tab);
    if (isAround && Math.abs(to - from) < MAX_CLICK_PX) tab.click();
  };
  document.addEventListener('click', onClick, { once: true });
});

/** Shows GraphiQL once there is a valid token, and until then a form to enter one. */
async function askForToken() {
  const token = await window.accessToken.ask(isAccepted);
  showGraphiql({ authorization: `Bearer ${token}` });
}

/**
 * Whether the gateway answers requests with this token.
 *
 * @param {string} token
 */
async function isAccepted(token) {
  try {
    const { status } = await fetch(location.pathname, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: '{"query":"{ __typename }"}',
    });
    return status !== 401;
  } catch {
    // A token that no header can hold, or a gateway that is away.
    return false;
  }
}

/** @param {Readonly<Record<string, string>>} additionalHeaders sent with each request */
function showGraphiql(additionalHeaders) {
  window.YogaGraphiQL.renderYogaGraphiQL(elementOf('#graphiql'), {
    title: document.title,
    ...firstTabs(),
    defaultEditorToolsVisibility: false,
    shouldPersistHeaders: false,
    additionalHeaders,
  });
}

/**
 * The tabs of a first visit, and the operation that is open. A link can bring one, as `#query=…&variables=…`: what
 * follows `#` is not sent to servers, and nothing is executed before somebody asks for it.
 */
function firstTabs() {
  const examples = queries.map((query) => ({ query }));
  const link = new URLSearchParams(location.hash.slice(1));
  const query = link.get('query');
  if (query === null) return { defaultTabs: examples, ...lastTab() };
  history.replaceState(history.state, '', location.pathname + location.search);
  const tab = { query, variables: link.get('variables') ?? '' };
  return { defaultTabs: [tab, ...examples], ...tab };
}

/**
 * Returns what was in the tab that was open last, if this is not the first visit. Without it GraphiQL
 * opens another, empty tab at each visit.
 */
function lastTab() {
  try {
    // oxlint-disable-next-line no-restricted-properties -- GraphiQL's own text, in its own browser.
    const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState') ?? '');
    const { query, variables } = tabs[activeTabIndex];
    return { query, variables };
  } catch {
    return {};
  }
}

/**
 * @param {string} selector
 * @returns {HTMLElement}
 */
function elementOf(selector) {
  const element = document.querySelector(selector);
  if (!(element instanceof HTMLElement)) throw new Error(`The page has no element ${selector}.`);
  return element;
}

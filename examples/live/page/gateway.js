// How the page talks to the gateway: with nothing but `fetch`.

/**
 * @typedef {{
 *   readonly id: string, readonly status: string, readonly stopReason: string | null, readonly createdAt: string,
 *   readonly agent: { readonly id: string, readonly name: string | null } | null,
 * }} Run
 * @typedef {{ readonly kind: 'ADDED' | 'UPDATED' | 'REMOVED', readonly runId: string, readonly run: Run | null }} RunEvent
 */

const FIELDS = 'id status stopReason createdAt agent { id name }';
const LIST = `{ runs(first: 50) { nodes { ${FIELDS} } eventsCursor } }`;
const EVENTS = `subscription Live($after: String) { runEvents(after: $after) { kind runId cursor run { ${FIELDS} } } }`;
/** Milliseconds without anything, not even a heartbeat, after which a connection counts as lost. */
const MAX_SILENCE_MS = 40_000;

/** An error that the gateway has sent. */
class GatewayError extends Error {
  /** @param {{ message: string, extensions?: Record<string, any> }} error */
  constructor({ message, extensions = {} }) {
    super(message);
    this.extensions = extensions;
  }
}

/**
 * Follows the newest runs: a list of them, and then each change. When the connection is lost, it goes on after the last
 * change, so nothing is missed; when that is too long ago, a new list comes.
 *
 * @param {(state: string) => void} onState
 * @returns {AsyncGenerator<{ readonly list: readonly Run[] } | { readonly event: RunEvent }, never>}
 */
export async function* followRuns(onState) {
  /** @type {string | undefined} */
  let after;
  for (;;) {
    let delaySeconds = 1;
    try {
      if (after === undefined) {
        const { runs } = dataOf(await (await send('application/json', LIST)).text());
        yield { list: runs.nodes };
        after = runs.eventsCursor;
      }
      const response = await send('text/event-stream', EVENTS, { after });
      onState('Live');
      for await (const { runEvents } of answersOf(response)) {
        after = runEvents.cursor;
        yield { event: runEvents };
      }
      onState('The connection was lost.');
    } catch (error) {
      const { message, extensions = {} } = Object(error);
      const isTooOld = extensions.code === 'CURSOR_TOO_OLD' || extensions.code === 'INVALID_CURSOR';
      after = isTooOld ? undefined : (extensions.cursor ?? after);
      onState(message);
      if (extensions.retryable === false && !isTooOld) throw error;
      delaySeconds = extensions.retryAfterSeconds ?? delaySeconds;
    }
    await new Promise((resolve) => setTimeout(resolve, delaySeconds * 1000));
  }
}

/**
 * Sends an operation.
 *
 * @param {string} accept
 * @param {string} query
 * @param {object} [variables]
 */
async function send(accept, query, variables = {}) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { accept, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith(accept)) return response;
  // A refusal of the gateway is JSON. Anything else comes from a server in between.
  if (type.includes('json')) dataOf(await response.text());
  throw new Error(`A proxy answered with status ${response.status}.`);
}

/**
 * The data of each answer in a stream of events, until it ends or is silent for too long.
 *
 * @param {Response} response
 */
async function* answersOf({ body }) {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ''; ;) {
    const timer = setTimeout(() => void reader?.cancel(), MAX_SILENCE_MS);
    const { done = true, value } = (await reader?.read()) ?? {};
    clearTimeout(timer);
    if (done) return;
    const blocks = (text + value).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, data] = /^event: next\ndata: (.*)$/.exec(block) ?? [];
      if (data !== undefined) yield dataOf(data);
    }
  }
}

/**
 * @param {string} text
 * @returns {any} its data, in which a field may be null that has failed
 */
function dataOf(text) {
  const { data, errors } = JSON.parse(text);
  if (!data || Object.values(data).includes(null)) throw new GatewayError(errors[0]);
  return data;
}

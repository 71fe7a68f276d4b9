// How the page talks to the gateway: with nothing but `fetch`.

/**
 * @import { AnswerError, Page, Run, RunEvent } from './types.d.ts'
 */

const RUN_FIELDS = `id status rawStatus stopReason createdAt completedAt totalDurationNs agent { id name }`;

/** Milliseconds without anything, not even a heartbeat, after which a connection counts as lost. */
const MAX_SILENCE_MS = 40_000;
/** Short, so that the page is back soon after the gateway. */
const MAX_DELAY_MS = 2000;

/** An answer of the gateway that has errors. */
class GatewayError extends Error {
  /** @param {AnswerError} error */
  constructor({ message, extensions = {} }) {
    super(message);
    this.extensions = extensions;
  }
}

/**
 * Sends an operation, and returns the answer: JSON, or a stream of events.
 *
 * @param {string} accept
 * @param {string} query
 * @param {object} variables
 * @param {AbortSignal} [signal]
 */
async function send(accept, query, variables, signal) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { accept, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    signal: signal ?? null,
  }).catch(() => {
    throw new Error('The server of this page can’t be reached.');
  });
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/event-stream')) return response;
  // Whatever the gateway has to say, it says in JSON. Anything else comes from a server in between.
  const answer = type.includes('json') ? await response.json().catch(() => undefined) : undefined;
  if (answer === undefined) {
    throw new Error(`A proxy answered with status ${response.status}. It may not reach the gateway.`);
  }
  if (answer.data === undefined || answer.data === null) throw new GatewayError(answer.errors[0]);
  return answer;
}

/**
 * A page of runs, the newest first.
 *
 * @param {{ readonly first: number, readonly after?: string | undefined }} page
 * @returns {Promise<Page>}
 */
export async function readRuns(page) {
  const query = `query Runs($first: Int!, $after: String) {
    runs(first: $first, after: $after) {
      nodes { ${RUN_FIELDS} }
      pageInfo { hasNextPage endCursor }
    }
  }`;
  const { data, errors } = await send('application/json', query, page);
  if (data.runs === null) throw new GatewayError(errors[0]);
  return data.runs;
}

/**
 * Cancels a run. Says what is true afterwards, which may be that it had ended before.
 *
 * @param {string} id
 * @returns {Promise<{ readonly run: Run | null, readonly failure: string | undefined }>}
 */
export async function cancelRun(id) {
  const query = `mutation Cancel($ids: [ID!]!) {
    cancelRuns(ids: $ids) { runs { ${RUN_FIELDS} } failures { message } }
  }`;
  const { data, errors } = await send('application/json', query, { ids: [id] });
  if (data.cancelRuns === null) throw new GatewayError(errors[0]);
  const { runs, failures } = data.cancelRuns;
  return { run: runs[0] ?? null, failure: failures[0]?.message };
}

/**
 * Follows the list of runs. When the connection is lost, it connects again and goes on after the last
 * event, so nothing is missed.
 *
 * @param {{
 *   onConnected: (hasGap: boolean) => void,
 *   onEvent: (event: RunEvent) => void,
 *   onLost: (why: string, retryAt: number | undefined, retry: () => void) => void,
 * }} handlers `hasGap` says whether changes may have been missed, so that the list has to be read.
 *   Without `retryAt` only a call of `retry` connects again
 */
export async function followRuns({ onConnected, onEvent, onLost }) {
  const query = `subscription Live($after: String) {
    runEvents(after: $after) { kind runId run { ${RUN_FIELDS} } cursor }
  }`;
  /** @type {string | undefined} */
  let after;
  for (let failures = 0; ; failures++) {
    /** @type {Error} */
    let reason = new Error('The gateway has ended the stream.');
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), MAX_SILENCE_MS);
    try {
      const { body } = await send('text/event-stream', query, { after }, silence.signal);
      onConnected(after === undefined);
      for await (const { data, errors } of answersOf(body)) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), MAX_SILENCE_MS);
        if (errors) throw new GatewayError(errors[0]);
        if (data === undefined) continue;
        failures = 0;
        after = data.runEvents.cursor;
        onEvent(data.runEvents);
      }
    } catch (error) {
      reason = error instanceof TypeError ? new Error('The connection was lost.') : Object(error);
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
    const {
      retryable = true,
      retryAfterSeconds = 0,
      code,
      cursor,
    } = reason instanceof GatewayError ? reason.extensions : {};
    after = cursor ?? after;
    // A cursor that leads nowhere any more is given up; the list is read instead.
    const isTooOld = code === 'CURSOR_TOO_OLD' || code === 'INVALID_CURSOR';
    if (isTooOld) after = undefined;
    const backoff = Math.min(MAX_DELAY_MS, 250 * 2 ** failures) * (0.5 + Math.random() / 2);
    const delayMs = Math.max(backoff, retryAfterSeconds * 1000);
    await new Promise((resolve) => {
      const willRetry = retryable || isTooOld;
      const waiting = willRetry ? setTimeout(resolve, delayMs) : undefined;
      onLost(reason.message, willRetry ? Date.now() + delayMs : undefined, () => {
        clearTimeout(waiting);
        resolve(undefined);
      });
    });
  }
}

/**
 * Reads answers from a stream of events; an empty one for each heartbeat.
 *
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body
 */
async function* answersOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (text + value).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, data] = /^event: next\ndata: (.*)$/.exec(block) ?? [];
      yield data === undefined ? {} : JSON.parse(data);
    }
  }
}

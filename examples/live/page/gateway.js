// How the page talks to the gateway: with nothing but `fetch`.

/**
 * @import { AnswerError, Message, Run, RunEvent } from './types.d.ts'
 */

const RUN_FIELDS = `id status rawStatus stopReason createdAt completedAt agent { id name }`;

/** Milliseconds without anything, not even a heartbeat, after which a connection counts as lost. */
const MAX_SILENCE_MS = 40_000;
const MAX_DELAY_MS = 15_000;

/** An answer of the gateway that has errors. */
export class GatewayError extends Error {
  /** @param {AnswerError} error */
  constructor({ message, extensions = {} }) {
    super(message);
    this.extensions = extensions;
  }
}

/**
 * @param {string} accept
 * @param {string} query
 * @param {object} variables
 * @param {AbortSignal} [signal]
 */
function send(accept, query, variables, signal) {
  return fetch('/graphql', {
    method: 'POST',
    headers: { accept, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    signal: signal ?? null,
  });
}

/**
 * @param {string} query
 * @param {object} variables
 */
async function ask(query, variables) {
  const response = await send('application/json', query, variables);
  const { data, errors } = await response.json().catch(() => ({}));
  if (data === undefined || data === null) {
    throw new GatewayError(
      errors?.[0] ?? { message: `The gateway answered with status ${response.status}.` },
    );
  }
  return { data, errors };
}

/**
 * The newest runs.
 *
 * @param {number} first how many
 * @returns {Promise<readonly Run[]>}
 */
export async function newestRuns(first) {
  const { data, errors } = await ask(
    `query Newest($first: Int!) { runs(first: $first) { nodes { ${RUN_FIELDS} } } }`,
    { first },
  );
  if (data.runs === null) throw new GatewayError(errors[0]);
  return data.runs.nodes;
}

/**
 * The last messages of a run, oldest first.
 *
 * @param {string} id
 * @returns {Promise<readonly Message[]>}
 */
export async function messagesOf(id) {
  const query = `query Messages($id: ID!) {
    run(id: $id) {
      messages(last: 30) {
        nodes {
          id
          date
          messageType
          ... on RunContentMessage { text }
          ... on RunReasoningMessage { reasoning }
          ... on RunSummaryMessage { summary }
          ... on RunToolCallMessage { toolCalls { name arguments } }
          ... on RunApprovalRequestMessage { toolCalls { name arguments } }
          ... on RunToolReturnMessage { toolReturns { status content } }
        }
      }
    }
  }`;
  const { data, errors } = await ask(query, { id });
  const messages = data.run?.messages;
  if (messages === null || messages === undefined) {
    throw new GatewayError(errors?.[0] ?? { message: 'There is no such run any more.' });
  }
  return messages.nodes;
}

/**
 * Cancels a run. Says what is true afterwards, which may be that it had ended before.
 *
 * @param {string} id
 * @returns {Promise<{ readonly run: Run | null, readonly failure: string | undefined }>}
 */
export async function cancelRun(id) {
  const query = `mutation Cancel($ids: [ID!]!) {
    cancelRuns(ids: $ids) { runs { ${RUN_FIELDS} } failures { code message } }
  }`;
  const { data, errors } = await ask(query, { ids: [id] });
  if (data.cancelRuns === null) throw new GatewayError(errors[0]);
  const { runs, failures } = data.cancelRuns;
  return { run: runs[0] ?? null, failure: failures[0]?.message };
}

/**
 * Follows the list of runs, and connects again when the connection is lost.
 *
 * @param {{
 *   onConnected: (hasGap: boolean) => void,
 *   onEvent: (event: RunEvent) => void,
 *   onLost: (why: string, delayMs: number) => void,
 * }} handlers `hasGap` says whether changes may have been missed, so that the list has to be read
 */
export async function followRuns({ onConnected, onEvent, onLost }) {
  const query = `subscription Live($after: String) {
    runEvents(after: $after) { kind runId run { ${RUN_FIELDS} } cursor }
  }`;
  /** @type {string | undefined} */
  let after;
  for (let failures = 0; ; failures++) {
    let why = 'The gateway has ended the stream.';
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), MAX_SILENCE_MS);
    try {
      const response = await send('text/event-stream', query, { after }, silence.signal);
      if (response.body === null || response.status !== 200) throw new Error(`Status ${response.status}`);
      onConnected(after === undefined);
      for await (const { data, errors } of answersOf(response.body)) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), MAX_SILENCE_MS);
        if (data?.runEvents) {
          failures = 0;
          after = data.runEvents.cursor;
          onEvent(data.runEvents);
        } else if (errors) {
          const { message, extensions = {} } = errors[0];
          why = message;
          // A cursor that leads nowhere any more is given up; the list is read instead.
          after = extensions.retryable ? (extensions.cursor ?? after) : undefined;
        }
      }
    } catch {
      why = 'The gateway is not there.';
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
    const delayMs = Math.min(MAX_DELAY_MS, 1000 * 2 ** failures) * (0.5 + Math.random() / 2);
    onLost(why, delayMs);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
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

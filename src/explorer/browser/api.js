// How the explorer talks to the gateway: the public GraphQL API, by `fetch`.
//
// query(documents.run, { id })            one answer; throws an ApiError if there is no data
// subscribe(documents.follow, variables)  answers as they come, until the stream ends; throws if it breaks
// stayConnected(work, signal)             does something that lasts, and again whenever the connection was lost

import documents from './documents.js';
import { ROOT } from './router.js';
import { createStore } from './store.js';

/**
 * @typedef {object} AnswerError an error of GraphQL
 * @property {string} message
 * @property {readonly (string | number)[]} [path]
 * @property {{ code?: string, retryable?: boolean, retryAfterSeconds?: number, requestId?: string, cursor?: string }} [extensions]
 */
/**
 * @typedef {object} Answer
 * @property {any} data
 * @property {readonly AnswerError[]} errors
 */

/** @type {{ endpoint: string, requiresToken: boolean, isReadOnly: boolean, hasSampleRuns: boolean }} */
// oxlint-disable-next-line no-restricted-properties -- The gateway's own text.
export const options = JSON.parse(document.querySelector('#options')?.textContent ?? '{}');
export const ENDPOINT = new URL(options.endpoint, ROOT).href;

/** Milliseconds without anything, not even a heartbeat, after which a stream counts as lost. */
const MAX_SILENCE_MS = 40_000;
/** The longest wait before connecting again, while somebody looks at the page and while nobody does. */
const MAX_DELAY_MS = { visible: 2000, hidden: 30_000 };
/** A page that nobody looks at gives its connection back: browsers have six to a host. */
const HIDDEN_MS = 10_000;

/**
 * Why something failed. `code` is that of the gateway, or UNREACHABLE (nothing answers), or PROXY_ERROR (something else
 * answers in its place).
 */
export class ApiError extends Error {
  /** @param {AnswerError} error */
  constructor({ message, extensions = {} }) {
    super(message);
    this.code = extensions.code ?? 'INTERNAL_SERVER_ERROR';
    this.isRetryable = extensions.retryable ?? false;
    this.retryAfterMs = (extensions.retryAfterSeconds ?? 0) * 1000;
    this.requestId = extensions.requestId;
    this.cursor = extensions.cursor;
  }
}

/** @param {unknown} error @returns {ApiError} */
export function asApiError(error) {
  return error instanceof ApiError ? error : new ApiError({ message: String(error) });
}

/**
 * @typedef {object} Connection
 * @property {'connecting' | 'live' | 'lost'} state
 * @property {ApiError | undefined} error why it was lost
 * @property {number} nextTryAt a time in milliseconds, as is the next
 * @property {number} lostAt
 */

/** @type {Connection} */
const initial = { state: 'connecting', error: undefined, nextTryAt: 0, lostAt: 0 };
/** Whether the gateway can be reached. */
export const connection = createStore(initial);

/**
 * @param {string} text
 * @param {object} variables
 * @param {{ accept?: string, token?: string | null, signal?: AbortSignal | undefined }} [how]
 */
async function send(text, variables, { accept = 'application/json', token, signal } = {}) {
  const known = token === undefined ? window.accessToken.current() : token;
  try {
    return await fetch(ENDPOINT, {
      method: 'POST',
      headers: {
        accept,
        'content-type': 'application/json',
        ...(known !== null && { authorization: `Bearer ${known}` }),
      },
      body: JSON.stringify({ query: text, variables }),
      signal: signal ?? null,
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw unreachable(error);
  }
}

/** @param {unknown} cause */
function unreachable(cause) {
  const error = new ApiError({
    message: 'The gateway does not answer.',
    extensions: { code: 'UNREACHABLE', retryable: true },
  });
  error.cause = cause;
  return error;
}

/**
 * The answer in the body of a response.
 *
 * @param {Response} response
 * @returns {Promise<Answer>}
 */
async function answerIn(response) {
  const { data, errors = [] } = await response.json().catch(() => ({}));
  if (data === undefined && errors.length === 0) {
    const { status, headers } = response;
    throw new ApiError({
      message: `A proxy answered with status ${status}${status < 500 ? '' : ': it can’t reach the gateway'}.`,
      extensions: {
        code: 'PROXY_ERROR',
        retryable: true,
        ...(status === 429 && { retryAfterSeconds: Number(headers.get('retry-after')) || 10 }),
      },
    });
  }
  if (data === undefined || data === null) throw new ApiError(errors[0]);
  return { data, errors };
}

/**
 * Sends a query or a mutation.
 *
 * @param {string} document one of `documents`
 * @param {object} [variables]
 * @param {{ signal?: AbortSignal, token?: string | null }} [how]
 */
export async function query(document, variables = {}, how = {}) {
  return await answerIn(await send(document, variables, how));
}

/**
 * The answer to a query, as it came.
 *
 * @param {string} document one of `documents`
 * @param {object} variables
 */
export async function queryText(document, variables) {
  return await (await send(document, variables)).text();
}

/**
 * Sends a query, and returns one of its fields. Throws why it is null. Asks for a token if none was accepted.
 *
 * @param {string} document one of `documents`
 * @param {object} variables
 * @param {string} field
 * @param {AbortSignal} [signal]
 */
export async function queryField(document, variables, field, signal) {
  for (let isFirst = true; ; isFirst = false) {
    try {
      const { data, errors } = await query(document, variables, signal && { signal });
      const [error] = errors.filter(({ path }) => path?.[0] === field);
      if (data[field] === null && error !== undefined) throw new ApiError(error);
      return data[field];
    } catch (error) {
      if (!isFirst || asApiError(error).code !== 'UNAUTHENTICATED') throw error;
      await askForToken();
    }
  }
}

/** @type {Promise<string> | undefined} */
let asking;

/** Resolves when there is a token that the gateway accepts; meanwhile the page shows a form. */
export function askForToken() {
  const label = document.querySelector('[for="token-value"]');
  if (label !== null && !options.requiresToken) {
    label.textContent = 'The runs API asks for a key. Enter one that it accepts:';
  }
  return (asking ??= window.accessToken.ask(isAccepted).finally(() => (asking = undefined)));
}

/**
 * Whether the gateway accepts a token, as far as it can be asked.
 *
 * @param {string} token
 */
async function isAccepted(token) {
  // What no header can hold.
  if (!/^[\x21-\x7e]+$/.test(token)) return false;
  try {
    const { errors } = await query(documents.runs, { first: 1 }, { token });
    return errors.every(({ extensions }) => extensions?.code !== 'UNAUTHENTICATED');
  } catch (error) {
    return error instanceof ApiError && error.code !== 'UNAUTHENTICATED';
  }
}

/**
 * Yields the answers of a subscription until it is complete.
 *
 * @param {string} document one of `documents`
 * @param {object} variables
 * @param {AbortSignal} signal ends it
 * @param {() => void} [onOpen] called when it has begun
 * @returns {AsyncGenerator<Answer>}
 */
export async function* subscribe(document, variables, signal, onOpen) {
  const silence = new AbortController();
  let heardAt = Date.now();
  // By the clock, which goes on while a computer sleeps, as timers don't.
  const timer = setInterval(() => {
    if (Date.now() - heardAt > MAX_SILENCE_MS) silence.abort();
  }, 1000);
  const ended = AbortSignal.any([signal, silence.signal]);
  try {
    const response = await send(document, variables, { accept: 'text/event-stream', signal: ended });
    if (response.body === null || !response.headers.get('content-type')?.includes('text/event-stream')) {
      await answerIn(response);
      return;
    }
    onOpen?.();
    let text = '';
    // Not by `for await`, which streams of Safari don't have.
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      heardAt = Date.now();
      const blocks = (text + value).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        if (block.startsWith('event: complete')) return;
        const [, data] = /^event: next\ndata: (.*)$/.exec(block) ?? [];
        // oxlint-disable-next-line no-restricted-properties -- Strings and numbers of one's own browser.
        if (data !== undefined) yield { data: null, errors: [], ...JSON.parse(data) };
      }
    }
    throw unreachable('The stream has no end.');
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof ApiError ? error : unreachable(error);
  } finally {
    clearInterval(timer);
    silence.abort();
  }
}

/** Wakes whoever waits to connect again. */
const waking = new EventTarget();

/** Connects again now. */
export function retryNow() {
  waking.dispatchEvent(new Event('wake'));
}
addEventListener('online', retryNow);
document.addEventListener('visibilitychange', retryNow);

/**
 * Does something that lasts as long as its connection, such as loading a list and then following it, and does it again
 * when the connection was lost. Pauses while nobody looks at the page. Returns when it is aborted.
 *
 * @param {(signal: AbortSignal, onLive: () => void) => Promise<void>} work calls `onLive` when it is connected
 * @param {AbortSignal} signal
 * @throws ApiError that won't go away by itself
 */
export async function stayConnected(work, signal) {
  for (let failures = 0; !signal.aborted;) {
    const pause = new AbortController();
    const stopPausing = onceHidden(() => pause.abort());
    let error;
    try {
      await work(AbortSignal.any([signal, pause.signal]), () => {
        failures = 0;
        connection.set({ state: 'live', error: undefined });
      });
      error = new ApiError({ message: 'The gateway ended the stream.', extensions: { retryable: true } });
    } catch (caught) {
      if (signal.aborted) return;
      if (!pause.signal.aborted) {
        error = asApiError(caught);
        if (error.code === 'UNAUTHENTICATED') await askForToken();
        else if (!error.isRetryable) {
          connection.set({ state: 'live', error: undefined });
          throw error;
        }
      }
    } finally {
      stopPausing();
    }
    if (pause.signal.aborted) await visible(signal);
    else if (error !== undefined) await waitToRetry(error, failures++, signal);
  }
}

/**
 * @param {ApiError} error
 * @param {number} failures before this one
 * @param {AbortSignal} signal
 */
async function waitToRetry(error, failures, signal) {
  const longest = MAX_DELAY_MS[document.hidden ? 'hidden' : 'visible'];
  const backoffMs = Math.min(longest, 500 * 2 ** failures) * (0.5 + Math.random() / 2);
  const delayMs = Math.max(backoffMs, error.retryAfterMs);
  const { state, lostAt } = connection.get();
  const now = Date.now();
  connection.set({ state: 'lost', error, nextTryAt: now + delayMs, lostAt: state === 'lost' ? lostAt : now });
  await nextEvent(waking, 'wake', AbortSignal.any([signal, AbortSignal.timeout(delayMs)]));
}

/**
 * Waits for an event, or until it is aborted.
 *
 * @param {EventTarget} target
 * @param {string} type
 * @param {AbortSignal} signal
 */
async function nextEvent(target, type, signal) {
  if (signal.aborted) return;
  const done = new AbortController();
  const once = { once: true, signal: done.signal };
  await new Promise((resolve) => {
    target.addEventListener(type, resolve, once);
    signal.addEventListener('abort', resolve, once);
  });
  done.abort();
}

/** @param {() => void} then called when the page has been hidden for a while */
function onceHidden(then) {
  let timer = 0;
  const change = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(then, HIDDEN_MS);
  };
  change();
  document.addEventListener('visibilitychange', change);
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', change);
  };
}

/** @param {AbortSignal} signal */
async function visible(signal) {
  while (document.hidden && !signal.aborted) await nextEvent(document, 'visibilitychange', signal);
}

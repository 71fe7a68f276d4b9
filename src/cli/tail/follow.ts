import { setTimeout as sleep } from 'node:timers/promises';
import type { TailConfig } from '../../config/tail-settings.ts';
import { parseInputJson } from '../../json/parse-json.ts';
import { send } from './ask.ts';
import { readEventStream } from './event-stream.ts';
import { type Answer, type AnswerError, RUN_EVENTS, type RunEvent } from './run-events.ts';

/** Milliseconds until the first attempt to connect again, and between attempts at most. */
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;
/** Milliseconds without a connection after which that is reported. */
const PATIENCE_MS = 5_000;
/** Milliseconds without anything, not even a heartbeat, after which a connection counts as lost. */
const MAX_SILENCE_MS = 40_000;
/** Codes that say that a cursor leads nowhere, or no longer. */
const LOST_CURSOR_CODES = ['CURSOR_TOO_OLD', 'INVALID_CURSOR'];

/** Watching can't go on, and trying again wouldn't help; the message is for the user. */
export class TailError extends Error {
  override readonly name = 'TailError' as const;
}

/** Why a connection has ended that can be made again. */
interface Lost {
  readonly why: string;
  /** Milliseconds to wait at least. */
  readonly delayMs: number;
}

/**
 * Yields the changes of a list of runs. When the connection is lost, it connects again and goes on after
 * the last change that it has seen, without end.
 *
 * @param after the id of the newest run that is known already
 * @param report is given what happens to the connection, in one sentence without a full stop
 * @throws TailError for what can't work, and if there is no gateway in the first place
 */
export async function* follow(
  config: TailConfig,
  report: (text: string) => void,
  after?: string,
): AsyncGenerator<RunEvent, never> {
  const progress: Progress = { cursor: after, hasConnected: false, failures: 0 };
  for (;;) {
    const { why, delayMs } = yield* followOnce(config, report, progress);
    const backoffMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** progress.failures);
    const waitMs = Math.max(delayMs, backoffMs * (1 + Math.random()) * 0.5);
    progress.failures += 1;
    progress.lost ??= { why, at: performance.now(), isReported: false };
    const { lost: outage } = progress;
    // A restart is one line, once it is over.
    if (!outage.isReported && performance.now() + waitMs - outage.at > PATIENCE_MS) {
      outage.isReported = true;
      report(`${why}; connecting again`);
    }
    await sleep(waitMs);
  }
}

/** What lasts from one connection to the next. */
interface Progress {
  cursor: string | undefined;
  hasConnected: boolean;
  /** Attempts since something was received. */
  failures: number;
  /** Since when there is no connection, and why. */
  lost?: { readonly why: string; readonly at: number; isReported: boolean } | undefined;
}

async function* followOnce(
  config: TailConfig,
  report: (text: string) => void,
  progress: Progress,
): AsyncGenerator<RunEvent, Lost> {
  const { url } = config;
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error('nothing received')), MAX_SILENCE_MS);
  try {
    const response = await open(config, progress, silence.signal);
    if ('why' in response) return response;
    if (progress.lost !== undefined) {
      const { why, at } = progress.lost;
      const missed = progress.cursor === undefined ? '; changes meanwhile are not shown' : '';
      report(`connected again after ${((performance.now() - at) / 1000).toFixed(1)} s: ${why}${missed}`);
    } else report(`connected to ${url}`);
    progress.lost = undefined;
    progress.hasConnected = true;
    let parts = 0;
    for await (const part of readEventStream(response.body)) {
      timer.refresh();
      parts += 1;
      // The first comment comes with the headers; the next one shows that the connection holds.
      if (part.type === 'comment' && parts > 1) progress.failures = 0;
      if (part.type === 'comment' || part.name !== 'next') continue;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- What the operation selects.
      const { data, errors } = parseInputJson(part.data) as Answer;
      const event = data?.runEvents;
      if (event === null || event === undefined) return lostBy(errors?.[0], progress);
      progress.failures = 0;
      progress.cursor = event.cursor;
      yield { kind: event.kind, runId: event.runId, run: event.run };
    }
    return lost('the gateway has ended the stream');
  } catch (error) {
    if (error instanceof TailError) throw error;
    if (!progress.hasConnected) throw new TailError(`${url}: ${reasonOf(error)}; is the gateway running?`);
    return lost(`connection lost: ${reasonOf(error)}`);
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

/** Sends the operation. @throws TailError for an answer that no later attempt would change */
async function open(
  config: TailConfig,
  { cursor, hasConnected }: Progress,
  signal: AbortSignal,
): Promise<{ readonly body: ReadableStream<Uint8Array> } | Lost> {
  const { url, token } = config;
  const variables = { ...filtersOf(config), after: cursor };
  const response = await send(config, { query: RUN_EVENTS, variables }, 'text/event-stream', signal);
  const { status, body } = response;
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (isStream && body !== null) return { body };
  if (status === 401) {
    throw new TailError(
      token === undefined
        ? `${url}: the gateway wants an access token; set ACCESS_TOKEN`
        : `${url}: the gateway does not accept the token in ACCESS_TOKEN`,
    );
  }
  const got = `got status ${status}${detailOf(await response.text())}`;
  // A proxy says so while the gateway is restarted.
  if (status === 429 || (status >= 500 && hasConnected)) return lost(got);
  throw new TailError(`${url}: expected a stream of events, but ${got}`);
}

/** The arguments that say which runs are meant. */
export function filtersOf({ agentId, statuses }: TailConfig): object {
  return { agentId, statuses: statuses?.split(',') };
}

/** The message of an answer's first error; of anything else than an answer nothing. */
function detailOf(text: string): string {
  try {
    const { errors = [] }: Answer = Object(parseInputJson(text));
    const [error] = errors;
    return error === undefined ? '' : `: ${messageOf(error)}`;
  } catch {
    return '';
  }
}

/** @throws TailError for an error that no later attempt would change */
function lostBy(error: AnswerError | undefined, progress: Progress): Lost {
  const { code = '', retryable = false, retryAfterSeconds = 0, cursor } = error?.extensions ?? {};
  const message = error === undefined ? 'got an answer without data' : messageOf(error);
  if (progress.cursor !== undefined && LOST_CURSOR_CODES.includes(code)) {
    progress.cursor = undefined;
    return lost(message);
  }
  if (!retryable) throw new TailError(message);
  progress.cursor = cursor ?? progress.cursor;
  return lost(message, retryAfterSeconds * 1000);
}

function messageOf({ message, extensions }: AnswerError): string {
  const text = message.replace(/\.$/, '');
  return extensions?.code === undefined ? text : `${text} (${extensions.code})`;
}

function lost(why: string, delayMs = 0): Lost {
  return { why, delayMs };
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'no such host',
  ETIMEDOUT: 'no answer in time',
  UND_ERR_SOCKET: 'connection closed',
  UND_ERR_CONNECT_TIMEOUT: 'no answer in time',
};

/** Says in a few words why `fetch`, or reading its body, has failed. */
function reasonOf(error: unknown): string {
  const cause: unknown = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const { code, message }: { code?: unknown; message?: unknown } = Object(cause);
  return REASONS[String(code)] ?? String(message ?? cause);
}

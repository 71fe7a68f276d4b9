import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../../explorer/browser/gateway/api-error.ts';
import type { TailSubscription } from './__generated__/graphql.ts';
import { RUN_EVENTS, type RunEvent } from './documents.ts';
import { execute } from './execute.ts';
import type { Report } from './run-client.ts';
import type { ListConfig } from './settings.ts';

/** Milliseconds before the first attempt to connect again, and at most between attempts. */
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;
/** Codes of a cursor that can't be resumed from. */
const LOST_CURSOR_CODES = ['CURSOR_TOO_OLD', 'INVALID_CURSOR'];

/**
 * Yields the changes of a list of runs, without end: after a lost connection it connects again, and resumes after the
 * last change.
 *
 * @param after the cursor that the list was read with
 * @param report receives what happens to the connection
 * @param recover is called with the code of a cursor that can't be resumed from, and returns the one of the list read anew
 * @throws ApiError if a failure isn't retryable, or the first connection fails
 */
export async function* follow(
  config: ListConfig,
  after: string,
  report: Report,
  recover: (code: string) => Promise<string>,
): AsyncGenerator<RunEvent, never> {
  let cursor = after;
  let lostCode: string | undefined;
  let hasConnected = false;
  /** Connections since the last change. */
  let failures = 0;
  const onOpen = (): void => {
    report(hasConnected ? 'connected again' : `connected to ${config.url}`);
    hasConnected = true;
  };
  for (;;) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- Before the next connection.
      if (lostCode !== undefined) cursor = await recover(lostCode);
      lostCode = undefined;
      const variables = { after: cursor };
      const events = execute<TailSubscription>(config, RUN_EVENTS, variables, onOpen);
      for await (const { runEvents: event } of events) {
        failures = 0;
        cursor = event.cursor;
        yield event;
      }
      throw new ApiError({ message: 'the gateway has ended the stream', extensions: { retryable: true } });
    } catch (error) {
      if (!(error instanceof ApiError && hasConnected)) throw error;
      const { code = '', retryable, retryAfterSeconds = 0, cursor: lastCursor = cursor } = error.extensions;
      const isCursorLost = LOST_CURSOR_CODES.includes(code);
      if (retryable !== true && !isCursorLost) throw error;
      if (isCursorLost) lostCode = code;
      else cursor = lastCursor;
      report(`${error.message}; connecting again`);
      const backoffMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** failures++) * (1 + Math.random()) * 0.5;
      // oxlint-disable-next-line no-await-in-loop -- One attempt after the other.
      await sleep(Math.max(retryAfterSeconds * 1000, backoffMs));
    }
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../../client/api-error.ts';
import { follow, isCursorLost, retryDelayMs } from '../../client/follow.ts';
import type { TailSubscription } from './__generated__/graphql.ts';
import { RUN_EVENTS, type RunEvent } from './documents.ts';
import { execute } from './execute.ts';
import type { ListConfig } from './list-settings.ts';
import type { Report } from './run-client.ts';

/** Milliseconds at most between attempts to connect. */
const MAX_DELAY_MS = 30_000;

/**
 * Yields the changes of a list of runs, without end: after a lost connection it connects again.
 *
 * @param after the cursor that the list was read with
 * @param report prints what happens to the connection
 * @param recover is called with the error code of a cursor that can't be resumed from; reads the list anew, and returns
 *   its cursor
 * @param onConnected is called with true after each connection is opened, and with false when it is lost
 * @throws ApiError if a failure isn't retryable, or the first connection fails
 */
export function followRuns(
  config: ListConfig,
  after: string,
  report: Report,
  recover: (code: string) => Promise<string>,
  onConnected: (isConnected: boolean) => void = () => undefined,
): AsyncGenerator<RunEvent, never> {
  let hasConnected = false;
  const onOpen = (): void => {
    report(hasConnected ? 'connected again' : `connected to ${config.url}`);
    hasConnected = true;
    onConnected(true);
  };
  async function* subscribe(cursor: string | null): AsyncGenerator<RunEvent> {
    const results = execute<TailSubscription>(config, RUN_EVENTS, { after: cursor }, { onOpen });
    for await (const { runEvents } of results) yield runEvents;
  }
  const wait = async (error: unknown, failures: number): Promise<void> => {
    if (!(error instanceof ApiError && hasConnected)) throw error;
    if (error.extensions.retryable !== true && !isCursorLost(error)) throw error;
    onConnected(false);
    report(`${error.message.replace(/\.$/, '')}; connecting again`);
    await sleep(retryDelayMs(error, failures, MAX_DELAY_MS));
  };
  return follow({ after, begin: (code = '') => recover(code), subscribe, wait });
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { TailConfig } from '../../config/tail-settings.ts';
import { execute, TailError } from './execute.ts';
import type { RunChange, TailedRun } from './line.ts';

const RUN = 'id status rawStatus stopReason rawStopReason agentId createdAt completedAt totalDurationNs';
const FILTERS = 'agentId: $agentId, statuses: $statuses';
const LAST_RUNS = `query Last($first: Int!, $agentId: ID, $statuses: [RunStatus!]) {
  runs(first: $first, ${FILTERS}) { nodes { ${RUN} } }
}`;
const RUN_EVENTS = `subscription Tail($agentId: ID, $statuses: [RunStatus!], $after: String) {
  runEvents(${FILTERS}, after: $after) { kind runId run { ${RUN} } cursor }
}`;

/** Milliseconds until the first attempt to connect again, and between attempts at most. */
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;
/** Codes that say that a cursor leads nowhere, or no longer. */
const LOST_CURSOR_CODES = ['CURSOR_TOO_OLD', 'INVALID_CURSOR'];

/** Returns the newest runs, newest first. @throws TailError */
export async function lastRuns(config: TailConfig, first: number): Promise<readonly TailedRun[]> {
  const answers = execute<{ runs: { nodes: TailedRun[] } }>(config, LAST_RUNS, { first });
  const [data] = await Array.fromAsync(answers);
  return data?.runs.nodes ?? [];
}

/**
 * Yields the changes of a list of runs, without end: when the connection is lost, it connects again, and goes on after
 * the last change.
 *
 * @param after the id of the newest run that is known already
 * @param report receives what happens to the connection, in one sentence without a full stop
 * @throws TailError for what trying again wouldn't change, and if there is no gateway in the first place
 */
export async function* follow(
  config: TailConfig,
  after: string | undefined,
  report: (text: string) => void,
): AsyncGenerator<RunChange, never> {
  let cursor = after;
  let hasConnected = false;
  /** Connections since the last change. */
  let failures = 0;
  const onOpen = (): void => {
    report(hasConnected ? 'connected again' : `connected to ${config.url}`);
    hasConnected = true;
  };
  for (;;) {
    try {
      const variables = { after: cursor };
      for await (const { runEvents } of execute<Events>(config, RUN_EVENTS, variables, onOpen)) {
        failures = 0;
        cursor = runEvents.cursor;
        yield runEvents;
      }
      throw new TailError('the gateway has ended the stream', { retryable: true });
    } catch (error) {
      if (!(error instanceof TailError && hasConnected)) throw error;
      const { code = '', retryable, retryAfterSeconds = 0, cursor: seen = cursor } = error.refusal;
      const isCursorLost = cursor !== undefined && LOST_CURSOR_CODES.includes(code);
      if (!retryable && !isCursorLost) throw error;
      cursor = isCursorLost ? undefined : seen;
      report(`${error.message}; connecting again${isCursorLost ? '; changes meanwhile are not shown' : ''}`);
      const backoffMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** failures++);
      // oxlint-disable-next-line no-await-in-loop -- One attempt after the other.
      await sleep(Math.max(retryAfterSeconds * 1000, backoffMs * (1 + Math.random()) * 0.5));
    }
  }
}

interface Events {
  readonly runEvents: RunChange & { readonly cursor: string };
}

import { type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { serve } from './serve.ts';

/** A server between the gateway and its upstream that is as far away as can be. */
export interface RoundProxy extends AsyncDisposable {
  readonly baseUrl: string;
  /**
   * The paths, with their queries, that were asked for in each round: requests that didn't wait for each
   * other's answers. So many round trips in a row it took.
   */
  readonly rounds: string[][];
}

/** Turns of the event loop without a request, after which no other one is under way: the gateway runs in this process. */
const QUIET_TURNS = 100;

/** Holds requests until no further one comes, and then answers all of them at once: no clock is needed to tell rounds. */
export async function startRoundProxy(target: string): Promise<RoundProxy> {
  const rounds: string[][] = [];
  let held: { readonly request: IncomingMessage; readonly response: ServerResponse }[] = [];
  let quietTurns = 0;
  let isWaiting = false;

  const answerRounds = async (): Promise<void> => {
    while (held.length > 0) {
      for (quietTurns = 0; quietTurns < QUIET_TURNS; quietTurns++) await turn();
      const round = held;
      held = [];
      rounds.push(round.map(({ request }) => request.url ?? ''));
      const answers = await Promise.all(round.map(({ request }) => fetchAnswer(target, request)));
      for (const [index, { response }] of round.entries()) answers[index]?.(response);
    }
    isWaiting = false;
  };

  const served = await serve((request, response) => {
    held.push({ request, response });
    quietTurns = 0;
    if (isWaiting) return;
    isWaiting = true;
    void answerRounds();
  });
  return {
    ...served,
    rounds,
  };
}

/** Asks the target the same, and returns what writes its answer. */
async function fetchAnswer(
  target: string,
  request: IncomingMessage,
): Promise<(response: ServerResponse) => void> {
  const { method = 'GET', url = '', headers } = request;
  const { authorization, accept = '*/*', 'content-type': type } = headers;
  const answer = await fetch(new URL(url, target), {
    method,
    headers: {
      accept,
      ...(authorization !== undefined && { authorization }),
      ...(type !== undefined && { 'content-type': type }),
    },
    ...(method !== 'GET' && { body: await text(request) }),
  });
  const body = await answer.text();
  return (response) => {
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(body);
  };
}

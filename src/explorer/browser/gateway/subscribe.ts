import { ApiError, unreachable } from '../../../client/api-error.ts';
import { streamResults } from '../../../client/event-stream.ts';
import type { Document } from '../documents/runs.ts';
import { type GraphQLResult, readResult, send } from './request.ts';

/**
 * Yields the results of a subscription until it is complete.
 *
 * @param signal ends the subscription
 * @param onOpen called once, before the first result
 * @throws ApiError if the stream breaks
 */
export async function* subscribe<Data, Variables>(
  document: Document<Data, Variables>,
  variables: Variables,
  signal: AbortSignal,
  onOpen: () => void,
): AsyncGenerator<GraphQLResult<Data>> {
  const open = (silence: AbortSignal): Promise<Response> =>
    send(document, variables, { accept: 'text/event-stream', signal: AbortSignal.any([signal, silence]) });
  try {
    for await (const json of streamResults(open, refusalOf, onOpen)) {
      // oxlint-disable-next-line no-restricted-properties -- The gateway's own text.
      yield { data: null, errors: [], ...JSON.parse(json) };
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof ApiError ? error : unreachable(error);
  }
}

async function refusalOf(response: Response): Promise<ApiError> {
  const { errors } = await readResult(response);
  return new ApiError(errors[0] ?? { message: 'The gateway sent no stream.' });
}

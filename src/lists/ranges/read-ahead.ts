import { listPath } from '../../upstream/letta/runs-url.ts';
import type { ListRuns } from './range-query.ts';

/** Requests for lists that are sent before it is known what they have to prove. */
interface AheadRequests {
  /** Sends a request ahead. Rejects in any case: whatever would follow has to wait. */
  readonly send: ListRuns;
  /** Answers with what was sent ahead, once for each request, or else sends the request. */
  readonly list: ListRuns;
}

export function createAheadRequests(list: ListRuns): AheadRequests {
  const sent = new Map<string, ReturnType<ListRuns>>();
  return {
    send(parameters) {
      const answer = list(parameters);
      answer.catch(() => undefined);
      sent.set(listPath(parameters), answer);
      return Promise.reject(new Error('Sent ahead'));
    },
    list(parameters) {
      const path = listPath(parameters);
      const answer = sent.get(path);
      sent.delete(path);
      return answer ?? list(parameters);
    },
  };
}

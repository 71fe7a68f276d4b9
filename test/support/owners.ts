import { createApi } from '../../embedded-api/routes/api.ts';
import { RunStore } from '../../embedded-api/store/run-store.ts';
import type { Headers } from './execute.ts';
import type { Answering, UpstreamRequest } from './scripted-upstream.ts';

/**
 * A runs API in process with several owners of runs: it is the headers of a request that say whose are shown.
 *
 * @param owners the headers that name each of them, all others of `names` being absent
 */
export function openOwners(names: readonly string[], owners: readonly Headers[]) {
  const keyOf = (headers: UpstreamRequest['headers']): string =>
    JSON.stringify(names.map((name) => headers[name] ?? null));
  const keys = owners.map(keyOf);
  /** What each owner has, in their order. */
  const stores = owners.map(() => new RunStore());
  const apis = stores.map((store) => createApi({ store, now: () => new Date() }));
  /** Whose request it is, as an index; -1 for those who are no owner. */
  const ownerOf = (request: UpstreamRequest): number => keys.indexOf(keyOf(request.headers));
  /** Answers 404 to those who are no owner. */
  const answer: Answering = (request) => apis[ownerOf(request)]?.(request) ?? { status: 404, body: {} };
  return { answer, ownerOf, stores };
}

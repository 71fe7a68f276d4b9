import { randomRuns } from '../support/random-runs.ts';
import { listRuns, type WireFilters } from '../support/run-list.ts';
import { serveGateway } from './served-gateway.ts';

/** 330 runs, many of them of the same microsecond. */
const RUNS = randomRuns(330, 20);

/** Their ids as the REST list has them, newest first. */
export const idsInRest = (filters: WireFilters = {}): string[] =>
  listRuns(RUNS, { filters, limit: 1000 }).map(({ id }) => id);

type Options = NonNullable<Parameters<typeof serveGateway>[0]>;

/** A gateway on a port over those runs. @param refusals how many of the first requests upstream are refused for a second */
export function serveRuns(config: Options['config'] = {}, refusals = 0) {
  let asked = 0;
  const body = { detail: 'Slow down' };
  const script: Options['script'] = (_request, next) =>
    ++asked > refusals ? next() : { status: 429, headers: { 'retry-after': '1' }, body };
  // Shorter than the wait, so that it is the client who waits.
  return serveGateway({
    runs: RUNS,
    script,
    config: { ...(refusals > 0 && { upstreamTimeoutMs: 900 }), ...config },
  });
}

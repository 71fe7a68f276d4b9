import { isDeepStrictEqual } from 'node:util';
import type { Random } from '../../embedded-api/samples/random.ts';
import { type RelayArguments, relayPageAmong } from '../core/relay-model.ts';
import { problemOfError, UPSTREAM_CODES } from './errors.ts';
import type { Replicas } from './replicas.ts';

/** A run that doesn't change. */
export interface StillRun {
  readonly id: string;
  readonly status: string;
  readonly background: boolean;
}
type Filter = readonly [text: string, matches: (run: StillRun) => boolean];

const FILTERS: readonly [Filter, ...Filter[]] = [
  ['', () => true],
  ['statuses: [FAILED]', ({ status }) => status === 'failed'],
  ['statuses: [FAILED, COMPLETED] background: true', (run) => run.status !== 'running' && run.background],
  ['background: false', ({ background }) => !background],
  ['active: true', ({ status }) => status === 'running'],
];

/**
 * Asks for random pages, and judges what comes.
 *
 * @param still all runs of some agents, the newest first
 */
export function createQueries(
  still: readonly StillRun[],
  agents: readonly string[],
  replicas: Replicas,
  random: Random,
  blame: (problem: string) => void,
) {
  const counts = { asked: 0, whole: 0, failed: 0, repeated: 0, left: 0 };
  const cursors = new Map<string, string>();

  /** Asks for a page of the runs that don't change, which is known, and one of all, of which the order is. */
  const question = () => {
    const [order, list] = random.chance(0.3) ? ['ASC', still.toReversed()] : ['DESC', still];
    const [filter, matches] = random.pick(FILTERS);
    const anyRun = () => (random.chance(0.4) ? list[random.between(0, list.length - 1)] : undefined);
    const size = { [random.chance(0.6) ? 'first' : 'last']: random.between(0, 60) };
    const window: RelayArguments<StillRun> = { ...size, after: anyRun(), before: anyRun() };
    const texts = Object.entries(window).map(([name, value]) => {
      if (typeof value !== 'object') return value === undefined ? '' : `${name}: ${value}`;
      return `${name}: "${cursors.get(value.id) ?? value.id}"`;
    });
    const query = `{
      runs(agentIds: ${JSON.stringify(agents)} order: ${order} ${texts.join(' ')} ${filter}) {
        edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
      newest: runs(first: ${random.between(2, 100)}) { nodes { id createdAt } }
    }`;
    const { rows, ...flags } = relayPageAmong(list, matches, window);
    const problemOf = (data: unknown): string | undefined => {
      const { runs, newest } = Object(data);
      for (const { cursor, node } of runs.edges) if (!cursors.has(node.id)) cursors.set(node.id, cursor);
      const edges = rows.map(({ id }) => ({ cursor: cursors.get(id), node: { id } }));
      const ends = { startCursor: edges[0]?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null };
      const isPage = isDeepStrictEqual(runs, { edges, pageInfo: { ...flags, ...ends } });
      const keys: string[] = newest.nodes.map((run: { readonly id: string; readonly createdAt: string }) =>
        [new Date(run.createdAt).toISOString(), run.id].join(' '),
      );
      const isOrdered = isDeepStrictEqual(
        keys,
        [...new Set(keys)].toSorted((a, b) => (a < b ? 1 : -1)),
      );
      return isPage && isOrdered ? undefined : JSON.stringify(isPage ? newest : runs);
    };
    return { query, problemOf };
  };

  const askOnce = async (caller: string): Promise<void> => {
    const { query, problemOf } = question();
    counts.asked++;
    for (;;) {
      const replica = replicas.any();
      const leaving = random.chance(0.03) ? AbortSignal.timeout(random.between(1, 40)) : null;
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${caller}` };
      const init = { method: 'POST', headers, body: JSON.stringify({ query }), signal: leaving };
      try {
        const { data, errors } = Object(await (await fetch(replica.graphql, init)).json());
        counts[errors === undefined ? 'whole' : 'failed']++;
        const problems: readonly (string | undefined)[] = errors?.map((error: unknown) =>
          problemOfError(error, UPSTREAM_CODES),
        ) ?? [problemOf(data)];
        for (const problem of problems)
          if (problem !== undefined) blame(`${query} was answered by ${problem}`);
        return;
      } catch (error) {
        if (leaving?.aborted === true) return void counts.left++;
        // Its replica has been killed, or closes its connections: another one is asked.
        if (replica.isServing) return blame(`${query} was not answered: ${String(error)}`);
        counts.repeated++;
      }
    }
  };
  return {
    counts,
    /** Asks one question after the other until a signal aborts. */
    async ask(caller: string, signal: AbortSignal): Promise<void> {
      while (!signal.aborted) await askOnce(caller);
    },
  };
}

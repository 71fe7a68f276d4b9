import type { Random } from '../../embedded-api/samples/random.ts';
import { createGateway } from '../../src/gateway.ts';
import { jsonPost, post } from '../support/execute.ts';
import type { Replicas } from './replicas.ts';
import { problemOfError, UPSTREAM_CODES } from './streams.ts';

const FILTERS = [
  '',
  'statuses: [FAILED]',
  'statuses: [FAILED, COMPLETED], background: true',
  'background: false',
  'active: true',
] as const;

/** Random pages of runs that don't change, each with the answer of a gateway whose upstream is well. */
async function questions(
  ids: readonly string[],
  agents: readonly string[],
  upstreamUrl: string,
  random: Random,
) {
  await using gateway = await createGateway({ upstreamUrl });
  const cursor = (name: string) =>
    random.chance(0.4) ? `${name}: "${ids[random.between(0, ids.length - 1)]}"` : '';
  const asked: { readonly query: string; readonly answer: string }[] = [];
  while (asked.length < 300) {
    const size = `${random.chance(0.6) ? 'first' : 'last'}: ${random.between(0, 60)}`;
    const order = `order: ${random.chance(0.3) ? 'ASC' : 'DESC'}`;
    const args = [size, order, cursor('after'), cursor('before'), random.pick(FILTERS)].join(' ');
    const query = `{ runs(agentIds: ${JSON.stringify(agents)} ${args}) {
      edges { cursor node { id status } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    } }`;
    asked.push({ query, answer: await post(gateway, { query }) });
  }
  return asked;
}

/**
 * Asks for random pages, and judges what comes.
 *
 * @param ids of all runs of some agents
 * @param upstreamUrl of a runs API that never fails
 */
export async function createQueries(
  ids: readonly string[],
  agents: readonly string[],
  upstreamUrl: string,
  replicas: Replicas,
  random: Random,
  blame: (problem: string) => void,
) {
  const asked = await questions(ids, agents, upstreamUrl, random);
  const counts = { asked: 0, whole: 0, failed: 0, repeated: 0, left: 0 };
  const askOnce = async (caller: string): Promise<void> => {
    const { query, answer } = random.pick(asked as [(typeof asked)[0], ...typeof asked]);
    counts.asked++;
    for (;;) {
      const replica = replicas.any();
      const leaving = random.chance(0.03) ? AbortSignal.timeout(random.between(1, 40)) : null;
      const init = jsonPost({ query }, { authorization: `Bearer ${caller}` });
      try {
        const text = await (await fetch(replica.graphql, { ...init, signal: leaving })).text();
        counts[text === answer ? 'whole' : 'failed']++;
        if (text === answer) return;
        for (const error of JSON.parse(text).errors ?? [text]) {
          const problem = problemOfError(error, UPSTREAM_CODES);
          if (problem !== undefined) blame(`${query} was answered by ${problem}`);
        }
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

import { setTimeout as sleep } from 'node:timers/promises';
import { startRunsApi } from '../../embedded-api/routes/server.ts';
import { createRandom } from '../../embedded-api/samples/random.ts';
import { RunStore } from '../../embedded-api/store/run-store.ts';
import { TRANSPORTS } from '../support/subscriber.ts';
import { startFaultyUpstream } from './faulty-upstream.ts';
import { createQueries } from './queries.ts';
import { startReplicas } from './replicas.ts';
import { watch } from './streams.ts';

const agent = (number: number) => `agent-00000000-0000-4000-8000-00000000000${number}`;
const idOf = (kind: number, number: number) =>
  `run-0000000${kind}-0000-4000-8000-${String(number).padStart(12, '0')}`;
const ENDED = { status: 'completed', stop_reason: 'end_turn', total_duration_ns: 5 };
const FAILED = { status: 'failed', stop_reason: 'error', total_duration_ns: 7 };
/**
 * Asks and watches three gateways over an upstream that fails, delays and cuts, while they are replaced and killed:
 * no answer is wrong, no event is lost or comes twice, and every error has a documented code.
 */
export async function soakReplacements(
  seconds: number,
  seed: number,
  failing: number,
): Promise<readonly string[]> {
  const random = createRandom(seed);
  const problems: string[] = [];
  const blame = (problem: string): void => void problems.push(problem);
  const store = new RunStore();
  /** Runs of two agents that don't change. Three at a time were created in the same second. */
  const still = Array.from({ length: 600 }, (_, index) => ({
    id: idOf(1, 599 - index),
    agent_id: agent(1 + (index % 2)),
    created_at: new Date(Date.UTC(2026, 0, 1) - Math.floor(index / 3) * 1000).toISOString(),
    background: random.chance(0.5),
    ...random.pick([ENDED, FAILED, { status: 'running' }]),
  }));
  const insert = (number: number, state: object) =>
    store.insert([
      { id: idOf(3, number), agent_id: agent(3), created_at: new Date().toISOString(), ...state },
    ]);
  store.insert(still);
  insert(0, ENDED);
  /** What every stream has to have received at last: the status and the duration of each run. */
  const states = new Map<string, string>();
  const change = (): void => {
    const number = states.size + 1;
    const isLasting = number % 3 === 0;
    insert(number, isLasting ? { status: 'running' } : ENDED);
    states.set(idOf(3, number), isLasting ? 'RUNNING null' : 'COMPLETED 5');
    const old = idOf(3, number - 9);
    if (states.get(old) !== 'RUNNING null') return;
    store.update(old, { ...FAILED, completed_at: new Date().toISOString() });
    states.set(old, 'FAILED 7');
  };

  await using api = await startRunsApi({ store });
  await using upstream = await startFaultyUpstream(api.baseUrl, failing, random);
  await using replicas = await startReplicas(upstream.baseUrl, random, blame);
  const [load, watching] = [new AbortController(), new AbortController()];
  const queries = await createQueries(
    still.map(({ id }) => id),
    [agent(1), agent(2)],
    api.baseUrl,
    replicas,
    random,
    blame,
  );
  const callers = Array.from({ length: 6 }, (_, index) => queries.ask(`caller-${index}`, load.signal));
  const from = { agent: agent(3), after: idOf(3, 0) };
  const streams = Object.values(TRANSPORTS).flatMap((subscribe) =>
    Array.from({ length: 6 }, () => watch(subscribe, replicas, { ...from }, watching.signal, blame)),
  );
  const changing = setInterval(change, 250);
  const replacing = replicas.replace(load.signal);
  await sleep(seconds * 1000);
  clearInterval(changing);
  load.abort();
  await Promise.all([...callers, replacing]);
  upstream.mend();
  const lost = () =>
    streams.flatMap((stream) => [...states].filter(([id, state]) => stream.states.get(id) !== state));
  for (const end = performance.now() + 60_000; lost().length > 0 && performance.now() < end;)
    await sleep(100);
  for (const [id, state] of lost()) blame(`an event was lost: ${id} is ${state}`);
  watching.abort();
  await replicas[Symbol.asyncDispose]();

  const sum = (of: 'events' | 'resumed') => streams.reduce((total, { counts }) => total + counts[of], 0);
  console.table({
    queries: queries.counts,
    upstream: upstream.counts,
    replicas: replicas.counts,
    streams: { runs: states.size, events: sum('events'), resumed: sum('resumed'), lost: lost().length },
    problems: { all: problems.length },
  });
  return problems;
}

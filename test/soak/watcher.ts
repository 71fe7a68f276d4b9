import { setTimeout as sleep } from 'node:timers/promises';
import { startRunsApi } from '../../embedded-api/routes/server.ts';
import { createRandom } from '../../embedded-api/samples/random.ts';
import { RunStore } from '../../embedded-api/store/run-store.ts';
import { runId } from '../support/ids.ts';
import { freePort } from '../support/listen-on.ts';
import { newFolder } from '../support/new-folder.ts';
import { type Program, startProgram } from '../support/program.ts';
import { startReceiver } from '../support/receiver.ts';

const KILL_INTERVAL_MS = 20_000;
const AGENT = 'agent-00000000-0000-4000-8000-000000000001';

/**
 * Lets `runs-gateway watch` report runs that fail to a receiver that fails, while it and the gateway are killed:
 * the receiver takes a notice of each of them.
 */
export async function soakWatcher(seconds: number, seed: number): Promise<readonly string[]> {
  const random = createRandom(seed);
  const store = new RunStore();
  const expected = new Set<string>();
  let created = 0;
  const insert = (status: 'running' | 'failed'): void => {
    const number = created++;
    store.insert([{ id: runId(number), agent_id: AGENT, created_at: new Date().toISOString(), status }]);
    if (status === 'failed' && number > 0) expected.add(`failed-${runId(number)}`);
    // Every third run fails later; those of the last tenth hang.
    const earlier = runId(number - 9);
    if (number % 3 !== 0 || number < 18) return;
    store.update(earlier, { status: 'failed', completed_at: new Date().toISOString() });
    expected.add(`failed-${earlier}`);
  };
  insert('failed');
  await using api = await startRunsApi({ store });
  let isMended = false;
  const taken = new Set<string>();
  await using receiver = await startReceiver((response, { id }) => {
    const fault = isMended ? 1 : random.next();
    if (fault < 0.005) return undefined;
    if (fault < 0.1) return response.destroy();
    if (fault < 0.2) return response.writeHead(500).end();
    taken.add(id);
    return fault < 0.3 ? setTimeout(() => response.end(), 1_000) : response.end();
  });
  const port = String(await freePort());
  using folder = newFolder();
  const file = folder.file('state.json');
  const url = `http://127.0.0.1:${port}/graphql`;
  const rules = ['--failed', '--stuck', '30s', '--rate', 'failed>5/1m'];
  const starts: (() => Program)[] = [
    () => startProgram(['--port', port], { LETTA_BASE_URL: api.baseUrl, LOG_LEVEL: 'error' }),
    () => startProgram(['watch', '--url', url, '--state', file, '--webhook', receiver.url, ...rules]),
  ];
  const running: Program[] = [];
  const over = new AbortController();
  const supervised = starts.map(async (start, index) => {
    for (; !over.signal.aborted; await sleep(500)) await (running[index] = start()).ended;
  });
  await sleep(5_000);
  const changing = setInterval(() => insert(created % 3 === 0 ? 'running' : 'failed'), 400);
  let kills = 0;
  for (const end = performance.now() + seconds * 1_000; performance.now() < end;) {
    await sleep(KILL_INTERVAL_MS);
    // Every fourth time the gateway.
    running[++kills % 4 === 0 ? 0 : 1]?.process.kill('SIGKILL');
  }
  clearInterval(changing);
  isMended = true;
  const missed = () => [...expected].filter((id) => !taken.has(id));
  for (const end = performance.now() + 120_000; missed().length > 0 && performance.now() < end;)
    await sleep(500);
  over.abort();
  for (const { process } of running) process.kill('SIGKILL');
  await Promise.all(supervised);
  const received = receiver.received.length;
  const types = Map.groupBy(receiver.received, ({ type }) => type);
  console.table({
    watcher: { kills, received, taken: taken.size, expected: expected.size, missed: missed().length },
    ...Object.fromEntries([...types].map(([type, { length }]) => [type, { received: length }])),
  });
  return missed().map((id) => `was not reported: ${id}`);
}

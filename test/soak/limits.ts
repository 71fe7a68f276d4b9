import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { startRunsApi } from '../../embedded-api/server.ts';
import { RunStore } from '../../embedded-api/store.ts';
import { startProgram } from '../support/program.ts';
import { ATTACKS } from './attacks.ts';

/** MiB of a process at rest, with garbage that waits to be collected. */
const REST_MB = 300;
/** Milliseconds that `/health` may take. */
const HEALTH_MS = 1_000;

/**
 * Attacks gateways with the default limits and a heap of 1 GiB, one after the other, in each way for some time. Fails if
 * a gateway ends, if `/health` takes too long, or if the process holds more than the limits allow.
 */
export async function soakLimits(names: readonly string[], seconds: number): Promise<readonly string[]> {
  const store = new RunStore();
  const insert = (number: number) => {
    const id = `run-00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    const created_at = new Date(Date.now() - 60_000 + number).toISOString();
    store.insert([{ id, agent_id: AGENT, created_at, status: 'completed', metadata: FAT }]);
  };
  for (let number = 0; number < 1_000; number++) insert(number);
  await using api = await startRunsApi({ store });
  await using slowApi = await startRunsApi({ store, latencyMs: 9_000 });
  let created = 1_000;
  const changing = setInterval(() => insert(created++), 1_000);
  const problems: string[] = [];
  for (const name of names) {
    const result = await attack(name, seconds, (ATTACKS[name]?.isSlow === true ? slowApi : api).baseUrl);
    problems.push(...result.problems.map((problem) => `${name}: ${problem}`));
    console.table({ [name]: result.figures });
  }
  clearInterval(changing);
  return problems;
}

const AGENT = 'agent-00000000-0000-4000-8000-000000000001';
const FAT = { text: 'x'.repeat(8_000) };

async function attack(name: string, seconds: number, upstreamUrl: string) {
  const { run, allowedMb } = ATTACKS[name] ?? {};
  if (run === undefined || allowedMb === undefined) throw new TypeError(`There is no attack ${name}`);
  await using gateway = startProgram(['--port', '0'], {
    LETTA_BASE_URL: upstreamUrl,
    LOG_LEVEL: 'error',
    NODE_OPTIONS: '--max-old-space-size=1024 --max-semi-space-size=16',
  });
  const url = await gateway.url;
  const problems: string[] = [];
  void gateway.ended.then(({ code, stderr }) => problems.push(`ended with ${code}: ${stderr.slice(-500)}`));
  const health = { asked: 0, longestMs: 0 };
  const worker = new Worker(new URL('health.ts', import.meta.url), { workerData: { url } });
  worker.on('message', ({ status, ms }) => {
    health.asked++;
    health.longestMs = Math.max(health.longestMs, Math.round(ms));
    if (status !== 200 || ms > HEALTH_MS) problems.push(`/health: ${status} in ${Math.round(ms)} ms`);
  });
  await once(worker, 'message');
  const leaving = new AbortController();
  const attacking = run({ url, token: 'attacker', signal: leaving.signal });
  await Promise.race([attacking, gateway.ended, sleep(seconds * 1000)]);
  const isOver = gateway.process.exitCode !== null || gateway.process.signalCode !== null;
  const peakMb = isOver ? Number.NaN : peakRssMb(gateway.process.pid);
  const closed = isOver ? '' : await closedConnections(url);
  leaving.abort();
  await attacking;
  await worker.terminate();
  const allowed = Math.round(REST_MB + allowedMb);
  if (peakMb > allowed) problems.push(`took ${peakMb} MiB of ${allowed}`);
  return { figures: { peakMb, allowed, ...health, closed }, problems: [...problems] };
}

/** MiB that a process has held at most. */
function peakRssMb(pid = 0): number {
  const match = /VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(match?.[1]) / 1024);
}

/** How many connections the gateway has closed, by their reasons. */
async function closedConnections(url: string): Promise<string> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return [...metrics.matchAll(/connections_closed_total\{reason="(\w+)"\} (\d+)/g)]
    .map(([, reason, count]) => `${reason} ${count}`)
    .join();
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProgram } from '../support/program.ts';
import { ATTACKS } from './attacks.ts';
import { startUpstreams, type Upstream } from './upstreams.ts';

/** MiB of a process at rest, with garbage that waits to be collected. */
const REST_MB = 350;
/** Milliseconds that `/health` may take. */
const HEALTH_MS = 1_000;

/**
 * Attacks gateways with the default limits and a heap of 512 MB, one after the other, in each way for some time. Fails if
 * a gateway ends, if `/health` takes too long, or if the process holds more than the limits allow.
 */
export async function soakLimits(names: readonly string[], seconds: number): Promise<readonly string[]> {
  await using upstreams = startUpstreams();
  const problems: string[] = [];
  for (const name of names) {
    const result = await attack(name, seconds, await upstreams.start(ATTACKS[name]?.upstream ?? 'fat'));
    problems.push(...result.problems.map((problem) => `${name}: ${problem}`));
    console.table({ [name]: result.figures });
  }
  return problems;
}

async function attack(name: string, seconds: number, { baseUrl, runId }: Upstream) {
  const { run, allowedMb } = ATTACKS[name] ?? {};
  if (run === undefined || allowedMb === undefined) throw new TypeError(`There is no attack ${name}`);
  await using gateway = startProgram(['--port', '0'], {
    LETTA_BASE_URL: baseUrl,
    LOG_LEVEL: 'error',
    NODE_OPTIONS: '--max-old-space-size=512',
  });
  const url = await gateway.url;
  const problems: string[] = [];
  void gateway.ended.then(({ code, stderr }) => problems.push(`ended with ${code}: ${stderr.slice(-500)}`));
  /** Asks for `/health` in a process of its own, which attackers don't delay; prints how many milliseconds each took. */
  const asking = spawn('bash', [
    '-c',
    `while sleep 0.1; do curl -so /dev/null -m 10 -w '%{http_code} %{time_total}\\n' ${url}/health; done`,
  ]);
  const health = { asked: 0, longestMs: 0 };
  asking.stdout.on('data', (printed) => {
    for (const line of String(printed).trim().split('\n')) {
      const [status, s] = line.split(' ');
      const ms = Math.round(Number(s) * 1000);
      health.asked++;
      health.longestMs = Math.max(health.longestMs, ms);
      if (status !== '200' || ms > HEALTH_MS) problems.push(`/health: ${status} in ${ms} ms`);
    }
  });
  await once(asking.stdout, 'data');
  const leaving = new AbortController();
  const attacking = run({ url, token: 'attacker', runId, signal: leaving.signal });
  await Promise.race([attacking, gateway.ended, sleep(seconds * 1000)]);
  const isOver = gateway.process.exitCode !== null || gateway.process.signalCode !== null;
  const peakMb = isOver ? Number.NaN : peakRssMb(gateway.process.pid);
  const closed = isOver ? '' : await closedConnections(url);
  leaving.abort();
  await attacking;
  asking.kill();
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

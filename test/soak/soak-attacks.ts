import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { jsonPost } from '../support/execute.ts';
import { newFolder } from '../support/new-folder.ts';
import { startProgram } from '../support/program.ts';
import { type Attack, ATTACKS, MANIFEST } from './attacks.ts';
import { startUpstreams, type Upstream } from './upstreams.ts';

/** Seconds that the probes of `deploy/kubernetes` wait for `/health`. */
const HEALTH_S = 5;
/** Milliseconds after an attack until the gateway has to serve again. */
const RECOVERY_MS = 15_000;
const PAGE = '{ runs(first: 10, order: ASC) { nodes { id status } } }';

/**
 * Attacks a gateway with the default limits and a heap of 512 MB in each way, twice. It has to live, to answer `/health`
 * on `ADMIN_PORT`, to serve the attacker's pages as before afterwards, and to answer the second time as the first.
 */
export async function soakAttacks(names: readonly string[], seconds: number): Promise<readonly string[]> {
  await using upstreams = startUpstreams();
  const problems: string[] = [];
  for (const name of names) {
    const attack = ATTACKS[name];
    if (attack === undefined) throw new TypeError(`There is no attack ${name}`);
    const found = await attackTwice(name, attack, seconds, await upstreams.start(attack.upstream ?? 'fat'));
    problems.push(...found.map((problem) => `${name}: ${problem}`));
  }
  return problems;
}

async function attackTwice(name: string, { run }: Attack, seconds: number, { baseUrl, runId }: Upstream) {
  using folder = newFolder();
  await using gateway = startProgram(['--port', '0', '--admin-port', '0'], {
    LETTA_BASE_URL: baseUrl,
    LOG_LEVEL: 'error',
    NODE_OPTIONS: '--max-old-space-size=512',
    PERSISTED_DOCUMENTS: folder.file('manifest.json', JSON.stringify(MANIFEST)),
  });
  const url = await gateway.url;
  const adminUrl = /readiness: (http:\/\/[^/]+)/.exec(gateway.printed())?.[1] ?? '';
  const problems: string[] = [];
  const hasEnded = (): boolean => gateway.process.exitCode !== null || gateway.process.signalCode !== null;
  using health = askForHealth(adminUrl, problems);
  const page = (): Promise<string> => pageOf(url);
  const before = await page();
  /** The kinds of answers, at least a tenth of all, that came the first time. */
  let first: readonly string[] | undefined;
  for (let round = 1; round <= 2 && !hasEnded(); round++) {
    const outcomes = new Map<string, number>();
    const saw = (outcome: string): void => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    const leaving = new AbortController();
    const attacking = run({ url, token: 'attacker', runId, signal: leaving.signal, saw });
    await Promise.race([attacking, gateway.ended, sleep(seconds * 1000)]);
    leaving.abort();
    await attacking;
    let after = '';
    for (
      const end = Date.now() + RECOVERY_MS;
      after !== before && Date.now() < end && !hasEnded();
      await sleep(500)
    )
      after = await page();
    if (after !== before) problems.push(`served ${after.slice(0, 200)} after round ${round}`);
    const all = outcomes.values().reduce((sum, count) => sum + count, 0);
    first ??= [...outcomes].filter(([, count]) => count * 10 >= all).map(([outcome]) => outcome);
    for (const outcome of first)
      if (!outcomes.has(outcome)) problems.push(`${outcome} was answered in round 1, and not in ${round}`);
    const answers = [...outcomes].map(([outcome, count]) => `${outcome} ${count}`).join();
    const peakMiB = hasEnded() ? Number.NaN : peakMiBOf(gateway.process.pid);
    console.table({ [`${name} ${round}`]: { lived: !hasEnded(), ...health.figures, peakMiB, answers } });
  }
  if (hasEnded()) problems.push(`the process ended: ${gateway.logged().slice(-500)}`);
  return [...problems];
}

/** The page that the attacker is served; the reason if there is none. */
async function pageOf(url: string): Promise<string> {
  const request = jsonPost({ query: PAGE }, { authorization: 'Bearer attacker' });
  const response = fetch(`${url}/graphql`, { ...request, signal: AbortSignal.timeout(5_000) });
  return response.then((answer) => answer.text(), String);
}

/** Asks for `/health` twice a second, in a process of its own, which attackers don't delay. */
function askForHealth(adminUrl: string, problems: string[]) {
  const asking = spawn('bash', [
    '-c',
    `while sleep 0.5; do curl -so /dev/null -m ${HEALTH_S} -w '%{http_code} %{time_total}\\n' ${adminUrl}/health; done`,
  ]);
  const figures = { asked: 0, slowestMs: 0 };
  asking.stdout.on('data', (printed) => {
    for (const line of String(printed).trim().split('\n')) {
      const [status, seconds] = line.split(' ');
      figures.asked++;
      figures.slowestMs = Math.max(figures.slowestMs, Math.round(Number(seconds) * 1000));
      if (status !== '200') problems.push(`/health answered ${status} in ${seconds} s`);
    }
  });
  return { figures, [Symbol.dispose]: () => void asking.kill() };
}

/** MiB that a process has held at most. */
function peakMiBOf(pid = 0): number {
  const match = /VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(match?.[1]) / 1024);
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Pool } from 'undici';
import { circumstances, figure, median, print, quartiles, table, tell } from './harness/figures.ts';
import { askOnce, disposable } from './harness/load.ts';
import { cpuPerRequest, inTurn, ratiosOf } from './harness/measure.ts';
import { askForPage } from './harness/operation.ts';
import { readOptions, ROUNDS } from './harness/options.ts';
import { assertEqualRows, normalRows } from './harness/rows.ts';
import { REPOSITORY, startGateway, startUpstream } from './harness/service.ts';

/**
 * What a page of runs costs in this working tree, beside what it costs at another commit: both as `npm start` starts
 * them there, in rounds that alternate them, so that a busy machine is as busy for both. Linux only.
 */
const { options, others } = readOptions({
  ...ROUNDS,
  rows: '10,100,1000',
  rounds: 15,
  seconds: 1,
  'warm-up': 8,
});
const { rounds, seconds, 'warm-up': warmUp, connections } = options;
const [ref, ...rest] = others;
if (ref === undefined || rest.length > 0) {
  tell('usage: npm run bench:against -- REF [--rows 10,100,1000] [--rounds 15] [--seconds 1]');
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'runs-gateway-against-'));
const CHECKED_OUT = pathToFileURL(`${folder}/`);
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const commit = checkOut(ref);
const lines: string[][] = [];
await using upstream = await startUpstream();
for (const rows of options.rows.split(',').map(Number)) lines.push(await compare(rows));
print(
  `${circumstances()}; this working tree beside ${ref} (${commit}); ${connections} connections, ${rounds} rounds of ${seconds} s each after ${warmUp} s to warm up; CPU time of the process per page`,
  '',
  table(['rows', `${ref}, ms`, 'here, ms', 'here / it', 'half of the rounds'], lines),
);

/** Clones this repository, and installs what it needed then. Returns the short name of the commit. */
function checkOut(name: string): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: REPOSITORY, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const sha = git('rev-parse', '--verify', `${name}^{commit}`).trim();
  git('clone', '--quiet', '--no-checkout', fileURLToPath(REPOSITORY), folder);
  git('-C', folder, 'checkout', '--quiet', '--detach', sha);
  install();
  return sha.slice(0, 7);
}

/** The packages are those of this working tree, if it needs the same. */
function install(): void {
  const read = (root: URL): Buffer => readFileSync(new URL('package-lock.json', root));
  if (read(REPOSITORY).equals(read(CHECKED_OUT))) {
    return symlinkSync(fileURLToPath(new URL('node_modules', REPOSITORY)), join(folder, 'node_modules'));
  }
  tell(`Installing the packages of ${ref} in ${folder}`);
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** Measures pages of so many rows, in processes of their own: memory and compiled code are this size's. */
async function compare(rows: number): Promise<string[]> {
  await using before = await startGateway(upstream.url, [], {}, CHECKED_OUT);
  await using here = await startGateway(upstream.url);
  const ask = askForPage(rows);
  const measured = [];
  for (const service of [before, here]) {
    await using pool = disposable(new Pool(service.url));
    const answer = await askOnce(pool.value, ask);
    const shown = normalRows(JSON.parse(Buffer.from(answer).toString()));
    measured.push({ service, shown, bytes: answer.byteLength, cpuMs: [] as number[] });
  }
  const [first, second] = measured;
  if (first === undefined || second === undefined) throw new Error('Expected two processes');
  assertEqualRows('this working tree', second.shown, first.shown);
  for (const { service } of measured) await cpuPerRequest(service, ask, { connections, seconds: warmUp });
  for (let round = 0; round < rounds; round++) {
    tell(`${rows} rows, round ${round + 1} of ${rounds}`);
    for (const { service, bytes, cpuMs } of inTurn(measured, round)) {
      cpuMs.push(await cpuPerRequest(service, ask, { connections, seconds, bytes }));
    }
  }
  const ratios = ratiosOf(second.cpuMs, first.cpuMs);
  const [low, high] = quartiles(ratios);
  const columns = [median(first.cpuMs), median(second.cpuMs), median(ratios)].map(figure);
  return [String(rows), ...columns, `${figure(low)} to ${figure(high)}`];
}

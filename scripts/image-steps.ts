import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs the steps of the Dockerfile without Docker, over a copy of this machine that is thrown away, and starts what
 * comes of them as the image would: as its user, on a file system that can't be written. Prints the size. Needs root
 * on a Debian of the release that the Dockerfile begins with, and Node as npm brings it.
 */
const ROOT = new URL('..', import.meta.url).pathname;
const MAX_BYTES = 160e6;
const PORT = '4123';

if (process.env['IMAGE_STEPS'] === undefined) {
  // In a mount namespace of its own, everything that is mounted is gone at the end.
  const { status } = await finished('unshare', ['--mount', process.execPath, import.meta.filename], {
    IMAGE_STEPS: 'yes',
  });
  process.exit(status);
}

/** The instructions, each with its text on one line. */
const instructions = readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => [line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1)] as const);

const folder = mkdtempSync(path.join(tmpdir(), 'runs-gateway-image-'));
process.once('exit', () => {
  // Lazily: what has failed may still be running in it.
  execFileSync('umount', ['-R', '-l', folder]);
  rmSync(folder, { recursive: true, force: true });
});
run('mount', '-t', 'tmpfs', 'tmpfs', folder);
const machine = path.join(folder, 'machine');
const image = path.join(folder, 'image');
for (const name of ['machine', 'image', 'written', 'work']) mkdirSync(path.join(folder, name));
const layers = `lowerdir=/,upperdir=${folder}/written,workdir=${folder}/work`;
run('mount', '-t', 'overlay', 'overlay', '-o', layers, machine);
for (const name of ['proc', 'dev']) run('mount', '--rbind', `/${name}`, path.join(machine, name));

const PATH = [path.join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(':');
const ignored = readFileSync(path.join(ROOT, '.dockerignore'), 'utf8').trim().split('\n');
const env: Record<string, string> = {};
let stage = '';
let workdir = '/';
let user = '0:0';
let entrypoint: readonly string[] = [];
for (const [name, text] of instructions) {
  process.stdout.write(`${name} ${text.slice(0, 100)}\n`);
  if (name === 'FROM') [stage, workdir] = [text === 'scratch' ? image : machine, '/'];
  else if (name === 'WORKDIR') mkdirSync(path.join(stage, (workdir = text)), { recursive: true });
  else if (name === 'RUN' && text.startsWith('apt-get')) requirePackages(text);
  else if (name === 'RUN') run('chroot', stage, 'env', `PATH=${PATH}`, 'sh', '-ec', `cd ${workdir}; ${text}`);
  else if (name === 'COPY') copy(text.split(' '));
  else if (name === 'ENV')
    for (const [, key = '', value = ''] of text.matchAll(/(\w+)=(\S+)/g)) env[key] = value;
  else if (name === 'USER') user = text;
  else if (name === 'ENTRYPOINT') entrypoint = JSON.parse(text);
}

const bytes = Number(run('du', '-s', '-B1', '--apparent-size', image).split('\t')[0]);
for (const line of run('sh', '-c', `cd ${image}; du -s -BM --apparent-size * app/*`).trim().split('\n')) {
  process.stdout.write(`  ${line}\n`);
}
process.stdout.write(`The image has ${(bytes / 1e6).toFixed(1)} MB\n`);
if (bytes > MAX_BYTES) throw new Error(`It may have ${MAX_BYTES / 1e6} MB`);

// Docker brings these.
for (const name of ['proc', 'dev']) mkdirSync(path.join(image, name));
run('mount', '--bind', image, image);
run('mount', '-o', 'remount,bind,ro', image);
for (const name of ['proc', 'dev']) run('mount', '--rbind', `/${name}`, path.join(image, name));
// What needs packages of its own where the gateway is installed by npm. Nothing listens there.
run('grep', '-q', 'pkg:npm/ioredis@', path.join(image, 'app/sbom.cdx.json'));
const optional = {
  RATE_LIMIT: '1000',
  RATE_LIMIT_STORE: 'redis://127.0.0.1:1',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
};
const inImage = [
  '-i',
  ...Object.entries({ ...env, PORT, ...optional }).map((pair) => pair.join('=')),
  'PATH=/usr/bin',
];
const start = ['--userspec', user, image, ...entrypoint, '--sample-runs'];
const began = performance.now();
const child = spawn('/usr/bin/env', [...inImage, '/usr/sbin/chroot', ...start], { stdio: 'inherit' });
let isHealthy = false;
for (let attempt = 0; attempt < 200 && child.exitCode === null && !isHealthy; attempt++) {
  isHealthy = await fetch(`http://127.0.0.1:${PORT}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
  if (!isHealthy) await sleep(100);
}
process.stdout.write(`Healthy after ${Math.round(performance.now() - began)} ms: ${isHealthy}\n`);
const check = JSON.parse(
  /CMD (\[.*\])/.exec(instructions.find(([name]) => name === 'HEALTHCHECK')?.[1] ?? '')?.[1] ?? '',
);
execFileSync('/usr/bin/env', [...inImage, '/usr/sbin/chroot', '--userspec', user, image, ...check], {
  stdio: 'inherit',
});
const query = `http://127.0.0.1:${PORT}/graphql?query={runs(first:2){nodes{id}}}`;
process.stdout.write(`${await (await fetch(query)).text()}\n`);
const page = await (await fetch(`http://127.0.0.1:${PORT}/`, { headers: { accept: 'text/html' } })).text();
if (!page.includes('modulepreload')) throw new Error('Its page of runs is missing');
const caches = run('find', path.join(image, 'app/node_modules/.cache'), '-type', 'f').trim().split('\n');
if (caches.length < 5) throw new Error('Its compile cache is empty');
child.kill('SIGTERM');
const [code] = await once(child, 'exit');
if (code !== 0 || !isHealthy) throw new Error(`The image ended with ${code}`);
process.stdout.write('The image works.\n');

/** The copy of this machine has them already, or it can't be the base. */
function requirePackages(text: string): void {
  for (const name of text.split('--no-install-recommends ')[1]?.split(' ') ?? []) run('dpkg', '-s', name);
}

function copy(words: readonly string[]): void {
  const [target = '', ...sources] = words.toReversed();
  if (sources.includes('--from=build'))
    return void run('cp', '-a', `${machine}${sources[0]}.`, `${stage}${target}`);
  const files = run('git', '-C', ROOT, 'ls-files', '-co', '--exclude-standard', ...sources)
    .trim()
    .split('\n')
    .filter((file) => existsSync(path.join(ROOT, file)) && !ignored.includes(file.split('/')[0] ?? ''));
  run(
    'sh',
    '-c',
    `cd ${ROOT} && cp --parents ${files.map((file) => `'${file}'`).join(' ')} ${stage}${workdir}`,
  );
}

function run(command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 26,
  });
}

async function finished(command: string, args: readonly string[], more: Record<string, string>) {
  const [status]: number[] = await once(
    spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...more } }),
    'exit',
  );
  return { status };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { lacksProc } from '../support/lacks.ts';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;

/** A gateway whose standard error is what a shell makes of it. */
async function startWithLog(redirection: string, env: Record<string, string> = {}) {
  const script = `exec "${process.execPath}" "${MAIN}" --port 0 ${redirection}`;
  const child = spawn('bash', ['-c', script], {
    env: { PATH: process.env['PATH'], DRAIN_GRACE_MS: '0', LETTA_BASE_URL: 'http://127.0.0.1:1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, which ends with the test together with the reader of the log.
    detached: true,
  });
  let logged = '';
  const read = (chunk: unknown): void => {
    logged += String(chunk);
  };
  const ended = once(child, 'exit').then(([code]) => Number(code));
  const [greeting] = await once(child.stdout, 'data');
  const url = /http:\/\/[^/]+/.exec(String(greeting))?.[0] ?? '';
  return {
    url,
    ended,
    /** Reads its log from the first call on. */
    logged: () => {
      if (child.stderr.listenerCount('data') === 0) child.stderr.on('data', read);
      return logged;
    },
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
    [Symbol.dispose]: () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Nobody of the group is left.
      }
    },
  };
}

/** Sends queries whose lines in the log are long. */
async function ask(url: string, count: number): Promise<void> {
  const name = 'a'.repeat(100);
  for (let i = 0; i < count; i += 50) {
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        const headers = { 'x-request-id': 'x'.repeat(128), 'graphql-client-name': name };
        const response = await fetch(`${url}/graphql?query=query ${name}{__typename}`, { headers });
        expect(await response.text()).toBe('{"data":{"__typename":"Query"}}');
      }),
    );
  }
}

async function droppedLines(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^runs_gateway_log_lines_dropped_total (\d+)$/m.exec(metrics)?.[1]);
}

describe.skipIf(lacksProc())('A program whose log', () => {
  it.each([
    ['is a full disk', '2>/dev/full', 2_500],
    ['is a pipe that was closed', '2> >(exec true)', 200],
  ])(
    '%s answers everything, counts lost lines, and stops when told to',
    async (_name, redirection, count) => {
      using program = await startWithLog(redirection);
      await ask(program.url, count);
      await expect.poll(() => droppedLines(program.url)).toBeGreaterThan(0);
      expect(await program.stop()).toBe(0);
    },
  );

  it('is a pipe that is read late says how many lines were dropped', async () => {
    using program = await startWithLog('');
    await ask(program.url, 2_500);
    await expect.poll(() => droppedLines(program.url)).toBeGreaterThan(0);
    const dropped = await droppedLines(program.url);
    await expect.poll(program.logged).toContain('Lines of the log were dropped');
    expect(program.logged()).toContain(`"dropped":${dropped}`);
    expect(await program.stop()).toBe(0);
  });

  it.each([
    ['prints the last lines', '', 0],
    ['ends, though nobody reads them', '2> >(exec sleep 1000 >/dev/null)', 500],
  ])('crashes: %s', async (_name, redirection, count) => {
    await using folder = await mkdtempDisposable(path.join(tmpdir(), 'log-'));
    const file = path.join(folder.path, 'crash.mjs');
    await writeFile(
      file,
      `const onRequest = ({ request }) => {
        if (request.headers.has('crash')) setTimeout(() => { throw new Error('boom'); }, 100);
      };
      export default [{ onRequest }];`,
    );
    using program = await startWithLog(redirection, { PLUGINS: file });
    program.logged();
    await ask(program.url, count);
    await fetch(`${program.url}/graphql?query=query Last{__typename}`, { headers: { crash: 'now' } });
    expect(await program.ended).toBe(1);
    if (redirection === '') await expect.poll(program.logged).toContain('"operation":"Last"');
  });
});

it.skipIf(lacksProc())('A gateway that can not print its address serves', async () => {
  const port = String(await freePort());
  const child = spawn('bash', ['-c', `exec "${process.execPath}" "${MAIN}" >/dev/full`], {
    env: { PATH: process.env['PATH'], DRAIN_GRACE_MS: '0', PORT: port },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  child.stderr.on('data', (chunk) => void (told += String(chunk)));
  const ended = once(child, 'exit');
  const health = async () => (await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined))?.status;
  await expect.poll(health, { timeout: 10_000 }).toBe(200);
  child.kill('SIGTERM');
  expect(await ended).toEqual([1, null]);
  expect(told).toContain("Standard output can't be written: ENOSPC");
});

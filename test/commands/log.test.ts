import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { lacksProc } from '../support/lacks.ts';
import { newFolder } from '../support/new-folder.ts';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;

/** A gateway whose standard output and error are what a shell makes of them. */
function start(redirection: string, env: Record<string, string> = {}) {
  const child = spawn('bash', ['-c', `exec "${process.execPath}" "${MAIN}" ${redirection}`], {
    env: {
      PATH: process.env['PATH'],
      DRAIN_GRACE_MS: '0',
      LETTA_BASE_URL: 'http://127.0.0.1:1',
      PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, which ends with the test together with the reader of the log.
    detached: true,
  });
  let logged = '';
  const ended = once(child, 'exit').then(([code]) => Number(code));
  return {
    stdout: child.stdout,
    ended,
    /** Reads its log from the first call on. */
    logged: () => {
      if (child.stderr.listenerCount('data') === 0)
        child.stderr.on('data', (chunk) => void (logged += String(chunk)));
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

/** The same, when it listens. */
async function startListening(redirection: string, env: Record<string, string> = {}) {
  const program = start(redirection, env);
  let printed = '';
  program.stdout.on('data', (chunk) => void (printed += String(chunk)));
  await expect.poll(() => printed).toMatch(/Upstream: /);
  const url = /http:\/\/[^/\s]+/.exec(printed)?.[0] ?? '';
  return {
    ...program,
    url,
    /** How many lines were lost. */
    dropped: async () =>
      Number(
        /^runs_gateway_log_lines_dropped_total (\d+)$/m.exec(
          await (await fetch(`${url}/metrics`)).text(),
        )?.[1],
      ),
    /** Sends queries whose lines in the log are long. */
    async ask(count: number): Promise<void> {
      const name = 'a'.repeat(100);
      const headers = { 'x-request-id': 'x'.repeat(128), 'graphql-client-name': name };
      const one = async () =>
        (await fetch(`${url}/graphql?query=query ${name}{__typename}`, { headers })).text();
      for (let asked = 0; asked < count; asked += 50)
        for (const answer of await Promise.all(Array.from({ length: 50 }, one)))
          expect(answer).toBe('{"data":{"__typename":"Query"}}');
    },
  };
}

describe.skipIf(lacksProc())('The log of a program', () => {
  it.each([
    ['is a full disk', '2>/dev/full', 2_500],
    ['is a pipe that was closed', '2> >(exec true)', 200],
    ['is a pipe that is read late', '', 2_500],
  ])(
    'that %s keeps no answer back, counts lost lines, and the program stops when told to',
    async (_name, redirection, count) => {
      using program = await startListening(redirection);
      await program.ask(count);
      await expect.poll(program.dropped).toBeGreaterThan(0);
      expect(await program.stop()).toBe(0);
    },
  );

  it('that is a pipe that is full for a moment loses no line', async () => {
    using program = await startListening('');
    await program.ask(600);
    await expect.poll(() => program.logged().match(/"operation":/g)).toHaveLength(600);
    expect(await program.dropped()).toBe(0);
    expect(await program.stop()).toBe(0);
  });

  it.each([
    ['prints the last lines', '', 0],
    ['ends, though nobody reads them', '2> >(exec sleep 1000 >/dev/null)', 500],
  ])('of a program that crashes: %s', async (_name, redirection, count) => {
    using folder = newFolder();
    const file = folder.file(
      'crash.mjs',
      `const onRequest = ({ request }) => {
        if (request.headers.has('crash')) setTimeout(() => { throw new Error('boom'); }, 100);
      };
      export default [{ onRequest }];`,
    );
    using program = await startListening(redirection, { PLUGINS: file });
    program.logged();
    await program.ask(count);
    await fetch(`${program.url}/graphql?query=query Last{__typename}`, { headers: { crash: 'now' } });
    expect(await program.ended).toBe(1);
    if (redirection !== '') return;
    await expect.poll(program.logged).toContain('"operation":"Last"');
    // Blank lines are in the error that Node prints alone.
    expect(program.logged()).not.toMatch(/^\n|\n\n(?!Error|Node)/);
  });

  it('is written where standard output cannot be', async () => {
    using program = start('>/dev/full');
    await expect.poll(program.logged).toContain("Standard output can't be written: ENOSPC");
    expect(await program.stop()).toBe(1);
  });
});

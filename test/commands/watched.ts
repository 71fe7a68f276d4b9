import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { runId } from '../support/ids.ts';
import { liveRun } from '../support/live-runs.ts';
import { newFolder } from '../support/new-folder.ts';
import { openListening } from '../support/open-listening.ts';
import { startProgram } from '../support/program.ts';
import { startReceiver } from '../support/receiver.ts';

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
export const FAILED = {
  status: 'failed',
  stop_reason: 'llm_api_error',
  completed_at: '2026-01-01T00:01:00Z',
} as const;

/** A gateway, a receiver, and a watcher of both that may be killed and started again. */
export async function startWatched(answer?: Parameters<typeof startReceiver>[0], runs = [liveRun(1)]) {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await openListening({ runs }));
  const receiver = stack.use(await startReceiver(answer));
  const file = stack.use(newFolder()).file('state.json');
  const to = ['--url', server.graphql, '--state', file, '--webhook', receiver.url];
  const launch = (flags: readonly string[] = ['--failed', '--each']) =>
    startProgram(['watch', ...to, ...flags], { WATCH_WEBHOOK_SECRET: SECRET });
  const parts = stack.move();
  return {
    ...server,
    receiver,
    file,
    saved: () => JSON.parse(readFileSync(file, 'utf8')),
    launch,
    /** Starts to watch, and waits until changes are noticed. */
    async start(flags?: readonly string[]) {
      const program = launch(flags);
      await expect.poll(program.logged).toContain('connected to');
      await server.polled();
      return program;
    },
    fail: (...numbers: readonly number[]) => {
      for (const number of numbers) server.store.update(runId(number), FAILED);
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
export const failures = (...numbers: readonly number[]) => numbers.map((number) => `failed-${runId(number)}`);
export const MISSED = expect.stringMatching(/^missed-/);

/** Kills a watcher, and makes the run of its cursor one that never was. */
export async function loseCursor(
  watched: Awaited<ReturnType<typeof startWatched>>,
  program: Awaited<ReturnType<typeof watched.start>>,
): Promise<void> {
  program.process.kill('SIGKILL');
  await program.ended;
  const saved = watched.saved();
  saved.state.cursor = runId(999);
  writeFileSync(watched.file, JSON.stringify(saved));
}

import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const SUPERVISOR = new URL('../support/supervisor.ts', import.meta.url).pathname;
/** Milliseconds after which what doesn't end is killed, which fails the test: long enough for a busy machine. */
const TIMEOUT_MS = 60_000;

/** @returns what the supervisor printed */
async function supervise(way: string, order: string, env: Record<string, string> = {}): Promise<unknown[]> {
  const { stdout } = await run(process.execPath, [SUPERVISOR, way, order], {
    env: { PATH: process.env['PATH'], ...env },
    timeout: TIMEOUT_MS,
  });
  return stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('A program that another one has started', () => {
  it.each([
    ['fork', 'disconnect'],
    ['cluster', 'disconnect'],
  ])('by %s ends with 0 by %s', async (way, order) => {
    expect(await supervise(way, order)).toEqual([
      { pid: expect.any(Number), url: expect.stringMatching(/^http/) },
      { code: 0, signal: null },
    ]);
  });

  it('ends with it', async () => {
    const [started] = await supervise('fork', 'leave');
    await expect.poll(() => isAlive(Object(started).pid)).toBe(false);
  });
});

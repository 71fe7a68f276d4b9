import { describe, expect, it } from 'vitest';
import type { LogTarget } from '../../src/cli/log-target.ts';
import { createLogWriter } from '../../src/cli/log-writer.ts';

/** A target that takes so many bytes of each chunk, or never answers. */
function targetWith(taken: (chunk: Buffer) => number | undefined): LogTarget & { written: string } {
  const target = {
    written: '',
    send(chunk: Buffer, done: (bytesWritten: number) => void) {
      const bytes = taken(chunk);
      if (bytes === undefined) return;
      target.written += chunk.subarray(0, bytes).toString();
      setImmediate(done, bytes);
    },
    sendNow: () => undefined,
    close: () => undefined,
  };
  return target;
}

const LINE = `${'x'.repeat(99)}\n`;

describe('The writer of the log', () => {
  it('writes every line in order, and the rest when it is disposed', async () => {
    const target = targetWith((chunk) => chunk.length);
    const lines = Array.from({ length: 1000 }, (_, index) => `line ${index}\n`);
    {
      await using writer = createLogWriter(target);
      for (const line of lines) writer.write(line);
      expect(writer.dropped).toBe(0);
    }
    expect(target.written).toBe(lines.join(''));
  });

  it('keeps a bounded number of lines for a target that never answers, and does not wait for it', async () => {
    const writer = createLogWriter(
      targetWith(() => undefined),
      { maxWaiting: 10_000, closeMs: 10 },
    );
    for (let i = 0; i < 250; i++) writer.write(LINE);
    expect(writer.dropped).toBe(150);
    await writer[Symbol.asyncDispose]();
    expect(writer.isWriting).toBe(true);
  });

  it('counts the lines that failed, and goes on with whole lines when there is room again', async () => {
    let full = true;
    const target = targetWith((chunk) => (full ? 250 : chunk.length));
    const writer = createLogWriter(target);
    for (let i = 0; i < 41; i++) writer.write(LINE);
    // Two lines and a half were written.
    await expect.poll(() => writer.dropped).toBe(39);
    full = false;
    writer.write('last\n');
    await writer[Symbol.asyncDispose]();
    expect(target.written).toBe(`${LINE}${LINE}${'x'.repeat(50)}\nlast\n`);
    expect(writer.dropped).toBe(39);
  });
});

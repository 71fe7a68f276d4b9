import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { followRuns } from '../../src/cli/gateway-client/follow-runs.ts';
import { TAIL_SETTINGS } from '../../src/cli/tail/settings.ts';
import { readSettings } from '../../src/config/read-settings.ts';
import { stopClock, stopJitter } from '../support/clock.ts';

const changeOf = (runId: string) => ({ kind: 'ADDED', runId, run: null, cursor: runId });
const [first, second] = [changeOf('run-1'), changeOf('run-2')];
const resultOf = (result: object) => Buffer.from(`event: next\ndata: ${JSON.stringify(result)}\n\n`);
const bytesOf = (runEvents: object) => resultOf({ data: { runEvents } });

const streamOf = (chunks: readonly Buffer<ArrayBuffer>[]) =>
  new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

/** Follows a gateway that ends each of its streams after these chunks, or refuses it by a status. */
function followed(streams: readonly (number | readonly Buffer<ArrayBuffer>[])[]) {
  const clock = stopClock();
  stopJitter();
  const connectedAt: number[] = [];
  const after: unknown[] = [];
  vi.stubGlobal('fetch', async (_url: string, { body: sent }: { body: string }) => {
    after.push(JSON.parse(sent).variables.after);
    const chunks = streams[connectedAt.push(Date.now()) - 1] ?? [];
    if (typeof chunks === 'number')
      return Response.json({}, { status: chunks, headers: { 'retry-after': '7' } });
    return new Response(streamOf(chunks), { headers: { 'content-type': 'text/event-stream' } });
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  const { values } = readSettings(TAIL_SETTINGS, {});
  const reports: string[] = [];
  const recover = async (code: string) => `list read after ${code}`;
  const changes = followRuns(values, 'begin', (text) => void reports.push(text), recover);
  return { clock, connectedAt, after, reports, changes };
}

describe('runs-gateway tail', () => {
  it('prints changes however their bytes are cut', async () => {
    const bytes = Buffer.concat([bytesOf(first), bytesOf(second)]);
    const { clock, changes } = followed([Array.from(bytes, (byte) => Buffer.of(byte))]);
    for (const change of [first, second]) {
      expect((await clock.until(changes.next())).value).toEqual(change);
    }
  });

  it('goes on from where the gateway says, else from the last change', async () => {
    const extensions = { code: 'SUBSCRIPTION_DRAINED', retryable: true, cursor: 'drained' };
    const drained = resultOf({ errors: [{ message: 'Stopping.', extensions }] });
    const { clock, changes, after } = followed([[drained], [bytesOf(first)], [bytesOf(second)]]);
    for (let change = 0; change < 2; change++) await clock.until(changes.next());
    expect(after).toEqual(['begin', 'drained', first.cursor]);
  });

  it.each(['CURSOR_TOO_OLD', 'INVALID_CURSOR'])('reads the list anew where it is told %s', async (code) => {
    const lost = resultOf({ errors: [{ message: 'Too old.', extensions: { code, retryable: false } }] });
    const { clock, changes, after } = followed([[bytesOf(first)], [lost], [bytesOf(second)]]);
    for (let change = 0; change < 2; change++) await clock.until(changes.next());
    expect(after).toEqual(['begin', first.cursor, `list read after ${code}`]);
  });

  it.each([
    [429, second],
    [502, second],
    [403, expect.stringContaining('is not the GraphQL of a gateway: it answered 403 with application/json')],
  ])('connects again after a status of %i, unless it would come again', async (status, expected) => {
    const { clock, changes } = followed([[bytesOf(first)], status, [bytesOf(second)]]);
    await clock.until(changes.next());
    const next = changes.next().then(
      ({ value }) => value,
      ({ message }) => message,
    );
    expect(await clock.until(next)).toEqual(expected);
  });

  it('stays connected as long as something comes, and no longer', async () => {
    const clock = stopClock();
    const pieces = [...Array.from({ length: 10 }, () => Buffer.from(':\n\n')), bytesOf(first)];
    const connectedAt: number[] = [];
    vi.stubGlobal('fetch', async (_url: string, { signal }: { signal: AbortSignal }) => {
      connectedAt.push(Date.now());
      const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
        start(controller) {
          signal.addEventListener('abort', () => controller.error(signal.reason));
          const timer = setInterval(() => {
            const piece = pieces.shift();
            if (piece === undefined) clearInterval(timer);
            else controller.enqueue(piece);
          }, 30_000);
        },
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    });
    onTestFinished(() => void vi.unstubAllGlobals());
    const { values } = readSettings(TAIL_SETTINGS, {});
    const changes = followRuns(
      values,
      'begin',
      () => undefined,
      async () => 'again',
    );
    expect((await clock.until(changes.next())).value).toEqual(first);
    expect(connectedAt).toHaveLength(1);
    void changes.next();
    await clock.pass(39_000);
    expect(connectedAt).toHaveLength(1);
    await clock.pass(5000);
    expect(connectedAt).toHaveLength(2);
  });

  it('waits as long as the gateway says', async () => {
    const extensions = { code: 'RATE_LIMITED', retryable: true, retryAfterSeconds: 7 };
    const refused = resultOf({ errors: [{ message: 'Too much.', extensions }] });
    const { clock, changes, connectedAt } = followed([[refused], 503, [bytesOf(first)]]);
    await clock.until(changes.next());
    const [begun = 0, ...again] = connectedAt;
    expect(again.map((time) => time - begun)).toEqual([7000, 14_000]);
  });

  it('waits twice as long after each failure, and half a second again after a change', async () => {
    const { clock, changes, connectedAt } = followed([[bytesOf(first)], [], [], [bytesOf(second)], []]);
    for (let change = 0; change < 2; change++) await clock.until(changes.next());
    void changes.next();
    await clock.pass(500);
    const waits = connectedAt.slice(1).map((time, index) => time - (connectedAt[index] ?? 0));
    expect(waits).toEqual([500, 1000, 2000, 500]);
  });
});

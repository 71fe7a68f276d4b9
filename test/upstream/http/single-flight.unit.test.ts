import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createSingleFlight } from '../../../src/upstream/http/single-flight.ts';

const NEVER = new AbortController().signal;

/** Work that the test ends, and the signals that it was started with. */
function heldWork() {
  const started: { signal: AbortSignal; end: PromiseWithResolvers<string> }[] = [];
  const work = ({ signal }: AbortController): Promise<string> => {
    const end = Promise.withResolvers<string>();
    started.push({ signal, end });
    return end.promise;
  };
  return { started, work };
}

describe('Calls with one key', () => {
  it('share one piece of work and its result', async () => {
    const kinds: string[] = [];
    const calls = createSingleFlight<string>((kind) => kinds.push(kind));
    const { started, work } = heldWork();
    const results = ['a', 'a', 'a'].map((key) => calls.run(key, work, NEVER));
    expect(started).toHaveLength(1);
    started[0]?.end.resolve('answer');
    expect(await Promise.all(results)).toEqual(['answer', 'answer', 'answer']);
    expect(kinds).toEqual(['started', 'joined', 'joined']);
  });

  it('share its failure, which is not remembered', async () => {
    const calls = createSingleFlight<string>();
    const { started, work } = heldWork();
    const results = [calls.run('a', work, NEVER), calls.run('a', work, NEVER)];
    const failure = new Error('down');
    started[0]?.end.reject(failure);
    expect(await Promise.allSettled(results)).toEqual([
      { status: 'rejected', reason: failure },
      { status: 'rejected', reason: failure },
    ]);
    const next = calls.run('a', work, NEVER);
    expect(started).toHaveLength(2);
    started[1]?.end.resolve('up');
    expect(await next).toBe('up');
  });

  it('start anew once the work has ended', async () => {
    const calls = createSingleFlight<string>();
    const { started, work } = heldWork();
    const first = calls.run('a', work, NEVER);
    started[0]?.end.resolve('first');
    expect(await first).toBe('first');
    const second = calls.run('a', work, NEVER);
    started[1]?.end.resolve('second');
    expect(await second).toBe('second');
  });
});

it('Calls with different keys have work of their own', async () => {
  const calls = createSingleFlight<string>();
  const { started, work } = heldWork();
  const results = [calls.run('a', work, NEVER), calls.run('b', work, NEVER)];
  started[1]?.end.resolve('of b');
  started[0]?.end.resolve('of a');
  expect(await Promise.all(results)).toEqual(['of a', 'of b']);
});

describe('A caller who disconnects', () => {
  it('gets the reason of its signal, and the others get their result', async () => {
    const calls = createSingleFlight<string>();
    const { started, work } = heldWork();
    const leaving = new AbortController();
    const left = calls.run('a', work, leaving.signal);
    const stays = calls.run('a', work, NEVER);
    const reason = new Error('disconnected');
    leaving.abort(reason);
    await expect(left).rejects.toBe(reason);
    expect(started[0]?.signal.aborted).toBe(false);
    started[0]?.end.resolve('answer');
    expect(await stays).toBe('answer');
  });

  it('as the last one, aborts the work with the reason of its signal', async () => {
    const calls = createSingleFlight<string>();
    const { started, work } = heldWork();
    const callers = [new AbortController(), new AbortController()];
    const results = callers.map(({ signal }) => calls.run('a', work, signal));
    callers[0]?.abort(new Error('first'));
    expect(started[0]?.signal.aborted).toBe(false);
    const last = new Error('last');
    callers[1]?.abort(last);
    expect(started[0]?.signal.aborted).toBe(true);
    expect(started[0]?.signal.reason).toBe(last);
    expect((await Promise.allSettled(results)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('as the last one, leaves nothing that a newcomer could join', async () => {
    const calls = createSingleFlight<string>();
    const { started, work } = heldWork();
    const leaving = new AbortController();
    const left = calls.run('a', work, leaving.signal);
    leaving.abort(new Error('disconnected'));
    await expect(left).rejects.toThrow('disconnected');
    const newcomer = calls.run('a', work, NEVER);
    expect(started).toHaveLength(2);
    // What was aborted ends after the newcomer has come, and must not take its place away.
    started[0]?.end.reject(new Error('aborted'));
    await Promise.resolve();
    const joining = calls.run('a', work, NEVER);
    expect(started).toHaveLength(2);
    started[1]?.end.resolve('answer');
    expect(await Promise.all([newcomer, joining])).toEqual(['answer', 'answer']);
  });

  it('before the call, starts and joins nothing', async () => {
    const kinds: string[] = [];
    const calls = createSingleFlight<string>((kind) => kinds.push(kind));
    const { started, work } = heldWork();
    const reason = new Error('too late');
    await expect(calls.run('a', work, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect([started.length, kinds]).toEqual([0, []]);
  });

  it('after the result, aborts nothing', async () => {
    const calls = createSingleFlight<string>();
    const { started, work } = heldWork();
    const caller = new AbortController();
    const result = calls.run('a', work, caller.signal);
    started[0]?.end.resolve('answer');
    expect(await result).toBe('answer');
    caller.abort();
    expect(started[0]?.signal.aborted).toBe(false);
  });
});

describe('A caller with a deadline', () => {
  const reason = new Error('too late');
  const deadline = (ms: number) => ({ ms, reason: () => reason });

  it('leaves the work to others who have more time, and the last one ends it', async () => {
    const calls = createSingleFlight<string>();
    const { started, work } = heldWork();
    const first = calls.run('a', work, NEVER, deadline(20));
    const second = calls.run('a', work, NEVER, deadline(40));
    await expect(first).rejects.toBe(reason);
    expect(started[0]?.signal.aborted).toBe(false);
    await expect(second).rejects.toBe(reason);
    expect(started[0]?.signal.reason).toBe(reason);
    expect(started).toHaveLength(1);
  });

  it('gets the result that comes before', async () => {
    const calls = createSingleFlight<string>();
    const { started, work } = heldWork();
    const result = calls.run('a', work, NEVER, deadline(60_000));
    started[0]?.end.resolve('in time');
    expect(await result).toBe('in time');
  });
});

it('Callers who have much to do with a result get it in turns of the event loop of their own', async () => {
  const calls = createSingleFlight<string>(undefined, true);
  const { started, work } = heldWork();
  const served: number[] = [];
  const leaving = new AbortController();
  const signals = [NEVER, NEVER, leaving.signal, NEVER];
  const results = signals.map((signal, number) =>
    calls.run('a', work, signal).then(
      () => served.push(number),
      () => 'left',
    ),
  );
  started[0]?.end.resolve('answer');
  const servedAfter: number[] = [];
  for (let turns = 0; turns < 4; turns++) {
    await turn();
    servedAfter.push(served.length);
    leaving.abort();
  }
  await Promise.all(results);
  expect(served).toEqual([0, 1, 3]);
  expect(servedAfter[0]).toBeLessThan(3);
});

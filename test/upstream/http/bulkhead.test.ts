import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../src/runs/errors.ts';
import { createBulkhead } from '../../../src/upstream/http/bulkhead.ts';

const NEVER = new AbortController().signal;

/** Tasks by number that run until the test ends them. */
function heldTasks() {
  const started: number[] = [];
  const ends = new Map<number, PromiseWithResolvers<number>>();
  const task = (number: number) => (): Promise<number> => {
    const end = Promise.withResolvers<number>();
    started.push(number);
    ends.set(number, end);
    return end.promise;
  };
  /** Ends one, and lets what waits for that begin. */
  const end = async (number: number): Promise<void> => {
    ends.get(number)?.resolve(number);
    await turn();
  };
  const fail = async (number: number, reason: Error): Promise<void> => {
    ends.get(number)?.reject(reason);
    await turn();
  };
  return { started, task, end, fail };
}

describe('A bulkhead', () => {
  it('runs as many tasks at once as it has permits, and the others first come, first served', async () => {
    const bulkhead = createBulkhead({ permits: 2, queueCapacity: 3 });
    const { started, task, end } = heldTasks();
    const results = [1, 2, 3, 4, 5].map((number) => bulkhead.run(task(number), NEVER));
    expect(started).toEqual([1, 2]);
    await end(2);
    expect(started).toEqual([1, 2, 3]);
    await end(1);
    expect(started).toEqual([1, 2, 3, 4]);
    await end(3);
    await end(4);
    await end(5);
    expect(await Promise.all(results)).toEqual([1, 2, 3, 4, 5]);
  });

  it('refuses a task at once when its queue is full, and takes one again when there is room', async () => {
    const bulkhead = createBulkhead({ permits: 1, queueCapacity: 1 });
    const { started, task, end } = heldTasks();
    const results = [bulkhead.run(task(1), NEVER), bulkhead.run(task(2), NEVER)];
    const refusal = await bulkhead.run(task(3), NEVER).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UpstreamError);
    expect(refusal).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryAfterSeconds: 1, retry: 'never' });
    await end(1);
    results.push(bulkhead.run(task(4), NEVER));
    await end(2);
    await end(4);
    expect(await Promise.all(results)).toEqual([1, 2, 4]);
    expect(started).toEqual([1, 2, 4]);
  });

  it('without a queue refuses what it has no permit for', async () => {
    const bulkhead = createBulkhead({ permits: 1, queueCapacity: 0 });
    const { task, end } = heldTasks();
    const first = bulkhead.run(task(1), NEVER);
    await expect(bulkhead.run(task(2), NEVER)).rejects.toBeInstanceOf(UpstreamError);
    await end(1);
    expect(await first).toBe(1);
  });

  it('gets the permit of a task that fails back, and passes its error on', async () => {
    const bulkhead = createBulkhead({ permits: 1, queueCapacity: 1 });
    const { task, fail, end } = heldTasks();
    const failing = bulkhead.run(task(1), NEVER);
    const next = bulkhead.run(task(2), NEVER);
    const reason = new Error('broken');
    const rejected = expect(failing).rejects.toBe(reason);
    await fail(1, reason);
    await rejected;
    await end(2);
    expect(await next).toBe(2);
    // So does one that throws before it returns a promise.
    const thrower = (): Promise<never> => {
      throw reason;
    };
    await expect(bulkhead.run(thrower, NEVER)).rejects.toBe(reason);
    const last = bulkhead.run(task(3), NEVER);
    await end(3);
    expect(await last).toBe(3);
  });

  it('tells its load whenever that changes', async () => {
    const loads: string[] = [];
    const onLoad = (inFlight: number, waiting: number): void => void loads.push(`${inFlight}+${waiting}`);
    const bulkhead = createBulkhead({ permits: 1, queueCapacity: 2, onLoad });
    const { task, end } = heldTasks();
    const leaving = new AbortController();
    const results = [
      bulkhead.run(task(1), NEVER),
      bulkhead.run(task(2), NEVER),
      bulkhead.run(task(3), leaving.signal),
    ];
    const left = expect(results[2]).rejects.toThrow('disconnected');
    leaving.abort(new Error('disconnected'));
    await left;
    await end(1);
    await end(2);
    await Promise.all(results.slice(0, 2));
    expect(loads).toEqual(['1+0', '1+1', '1+2', '1+1', '1+0', '0+0']);
  });
});

describe('A caller of a bulkhead who disconnects', () => {
  it('while waiting gets the reason of its signal, and leaves its place in the queue to others', async () => {
    const bulkhead = createBulkhead({ permits: 1, queueCapacity: 2 });
    const { started, task, end } = heldTasks();
    const leaving = new AbortController();
    const first = bulkhead.run(task(1), NEVER);
    const left = bulkhead.run(task(2), leaving.signal);
    const third = bulkhead.run(task(3), NEVER);
    const reason = new Error('disconnected');
    leaving.abort(reason);
    await expect(left).rejects.toBe(reason);
    const fourth = bulkhead.run(task(4), NEVER);
    await end(1);
    await end(3);
    await end(4);
    expect(await Promise.all([first, third, fourth])).toEqual([1, 3, 4]);
    expect(started).toEqual([1, 3, 4]);
  });

  it('before the call is not run, and takes no permit', async () => {
    const bulkhead = createBulkhead({ permits: 1, queueCapacity: 0 });
    const { started, task, end } = heldTasks();
    const reason = new Error('too late');
    await expect(bulkhead.run(task(1), AbortSignal.abort(reason))).rejects.toBe(reason);
    const next = bulkhead.run(task(2), NEVER);
    await end(2);
    expect(await next).toBe(2);
    expect(started).toEqual([2]);
  });

  it('while its task runs keeps the permit until the task has ended', async () => {
    const loads: string[] = [];
    const onLoad = (inFlight: number, waiting: number): void => void loads.push(`${inFlight}+${waiting}`);
    const bulkhead = createBulkhead({ permits: 1, queueCapacity: 1, onLoad });
    const { started, task, end } = heldTasks();
    const leaving = new AbortController();
    const results = [bulkhead.run(task(1), leaving.signal), bulkhead.run(task(2), leaving.signal)];
    await end(1);
    results.push(bulkhead.run(task(3), NEVER));
    leaving.abort();
    await turn();
    expect(started).toEqual([1, 2]);
    await end(2);
    await end(3);
    expect(await Promise.all(results)).toEqual([1, 2, 3]);
    expect(loads).toEqual(['1+0', '1+1', '1+0', '1+1', '1+0', '0+0']);
  });
});

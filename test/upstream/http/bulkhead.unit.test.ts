import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../src/errors/upstream-error.ts';
import type { CallerKey } from '../../../src/upstream/credentials.ts';
import { Bulkhead } from '../../../src/upstream/http/bulkhead.ts';
import { CallerQueues, type Waiter } from '../../../src/upstream/http/caller-queues.ts';

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
    const bulkhead = new Bulkhead({ permits: 2, queueCapacity: 3, share: 3 });
    const { started, task, end } = heldTasks();
    const results = [1, 2, 3, 4, 5].map((number) => bulkhead.run('one', task(number), NEVER));
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

  it('starts tasks beyond its permits as far as it may, and in place of one that ended only one', async () => {
    let room = 2;
    const mayExceed = (inFlight: number): boolean => inFlight < 2 + room;
    const bulkhead = new Bulkhead({ permits: 2, queueCapacity: 10, share: Infinity, mayExceed });
    const { started, task, end } = heldTasks();
    const results = [1, 2, 3, 4, 5, 6, 7].map((number) => bulkhead.run('one', task(number), NEVER));
    expect(started).toEqual([1, 2, 3, 4]);
    room = 5;
    await end(1);
    expect(started).toEqual([1, 2, 3, 4, 5]);
    // Nobody is overtaken.
    results.push(bulkhead.run('one', task(8), NEVER));
    expect(started).toHaveLength(5);
    room = 0;
    for (const number of [2, 3, 4]) await end(number);
    expect(started).toEqual([1, 2, 3, 4, 5, 6]);
    for (const number of [5, 6, 7, 8]) await end(number);
    expect(await Promise.all(results)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('refuses a task at once when its queue is full, and takes one again when there is room', async () => {
    const bulkhead = new Bulkhead({ permits: 1, queueCapacity: 1, share: 3 });
    const { started, task, end } = heldTasks();
    const results = [bulkhead.run('one', task(1), NEVER), bulkhead.run('one', task(2), NEVER)];
    const refusal = await bulkhead.run('one', task(3), NEVER).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UpstreamError);
    expect(refusal).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryAfterSeconds: 1, retry: 'never' });
    await end(1);
    results.push(bulkhead.run('one', task(4), NEVER));
    await end(2);
    await end(4);
    expect(await Promise.all(results)).toEqual([1, 2, 4]);
    expect(started).toEqual([1, 2, 4]);
  });

  it('without a queue refuses what it has no permit for', async () => {
    const bulkhead = new Bulkhead({ permits: 1, queueCapacity: 0, share: 3 });
    const { task, end } = heldTasks();
    const first = bulkhead.run('one', task(1), NEVER);
    await expect(bulkhead.run('one', task(2), NEVER)).rejects.toBeInstanceOf(UpstreamError);
    await end(1);
    expect(await first).toBe(1);
  });

  it('gets the permit of a task that fails back, and passes its error on', async () => {
    const bulkhead = new Bulkhead({ permits: 1, queueCapacity: 1, share: 3 });
    const { task, fail, end } = heldTasks();
    const failing = bulkhead.run('one', task(1), NEVER);
    const next = bulkhead.run('one', task(2), NEVER);
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
    await expect(bulkhead.run('one', thrower, NEVER)).rejects.toBe(reason);
    const last = bulkhead.run('one', task(3), NEVER);
    await end(3);
    expect(await last).toBe(3);
  });

  it('tells its load whenever that changes', async () => {
    const loads: string[] = [];
    const onLoad = (inFlight: number, waiting: number): void => void loads.push(`${inFlight}+${waiting}`);
    const bulkhead = new Bulkhead({ permits: 1, queueCapacity: 2, share: 3, onLoad });
    const { task, end } = heldTasks();
    const leaving = new AbortController();
    const results = [
      bulkhead.run('one', task(1), NEVER),
      bulkhead.run('one', task(2), NEVER),
      bulkhead.run('one', task(3), leaving.signal),
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
    const bulkhead = new Bulkhead({ permits: 1, queueCapacity: 2, share: 3 });
    const { started, task, end } = heldTasks();
    const leaving = new AbortController();
    const first = bulkhead.run('one', task(1), NEVER);
    const left = bulkhead.run('one', task(2), leaving.signal);
    const third = bulkhead.run('one', task(3), NEVER);
    const reason = new Error('disconnected');
    leaving.abort(reason);
    await expect(left).rejects.toBe(reason);
    const fourth = bulkhead.run('one', task(4), NEVER);
    await end(1);
    await end(3);
    await end(4);
    expect(await Promise.all([first, third, fourth])).toEqual([1, 3, 4]);
    expect(started).toEqual([1, 3, 4]);
  });

  it('before the call is not run, and takes no permit', async () => {
    const bulkhead = new Bulkhead({ permits: 1, queueCapacity: 0, share: 3 });
    const { started, task, end } = heldTasks();
    const reason = new Error('too late');
    await expect(bulkhead.run('one', task(1), AbortSignal.abort(reason))).rejects.toBe(reason);
    const next = bulkhead.run('one', task(2), NEVER);
    await end(2);
    expect(await next).toBe(2);
    expect(started).toEqual([2]);
  });

  it('while its task runs keeps the permit until the task has ended', async () => {
    const loads: string[] = [];
    const onLoad = (inFlight: number, waiting: number): void => void loads.push(`${inFlight}+${waiting}`);
    const bulkhead = new Bulkhead({ permits: 1, queueCapacity: 1, share: 3, onLoad });
    const { started, task, end } = heldTasks();
    const leaving = new AbortController();
    const results = [
      bulkhead.run('one', task(1), leaving.signal),
      bulkhead.run('one', task(2), leaving.signal),
    ];
    await end(1);
    results.push(bulkhead.run('one', task(3), NEVER));
    leaving.abort();
    await turn();
    expect(started).toEqual([1, 2]);
    await end(2);
    await end(3);
    expect(await Promise.all(results)).toEqual([1, 2, 3]);
    expect(loads).toEqual(['1+0', '1+1', '1+0', '1+1', '1+0', '0+0']);
  });
});

describe('Callers of a bulkhead', () => {
  const sendAll = (bulkhead: Bulkhead, held: ReturnType<typeof heldTasks>, order: string) => {
    const results: Promise<number>[] = [];
    for (const [index, caller] of order.split('').entries()) {
      results.push(bulkhead.run(caller, held.task(index), NEVER));
    }
    return results;
  };
  /** The callers of the tasks that have started, in their order. */
  const served = (held: ReturnType<typeof heldTasks>, order: string): string =>
    held.started.map((index) => order[index]).join('');

  it('take turns, whoever has more waiting, and each in its own order', async () => {
    const bulkhead = new Bulkhead({ permits: 1, queueCapacity: 20, share: 3 });
    const held = heldTasks();
    const order = 'aaaaaabbc';
    const results = sendAll(bulkhead, held, order);
    for (let n = 0; n < order.length; n++) await held.end(held.started[n] ?? -1);
    expect(served(held, order)).toBe('aabcabaaa');
    expect(held.started).toEqual([0, 1, 6, 8, 2, 7, 3, 4, 5]);
    expect(await Promise.all(results)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it.each([
    ['one alone: three quarters', 'a', [48]],
    ['two: three sevenths each', 'ab', [28, 27]],
    ['five: a fifth each, nearly', 'abcde', [12, 12, 12, 12, 12]],
  ])('hold at most a share of 64 permits: %s', async (_name, callers, shares) => {
    const bulkhead = new Bulkhead({ permits: 64, queueCapacity: 10_000, share: 3 });
    const running = new Map<string, number>();
    for (let round = 0; round < 64; round++) {
      for (const caller of callers) {
        const task = (): Promise<never> => {
          running.set(caller, (running.get(caller) ?? 0) + 1);
          return new Promise(() => undefined);
        };
        void bulkhead.run(caller, task, NEVER);
      }
    }
    expect([...running.values()]).toEqual(shares);
  });

  it('find a permit free, however much another one has sent before', async () => {
    const bulkhead = new Bulkhead({ permits: 64, queueCapacity: 512, share: 3 });
    const held = heldTasks();
    for (let index = 0; index < 500; index++) void bulkhead.run('greedy', held.task(index), NEVER);
    expect(held.started).toHaveLength(48);
    const others = Array.from({ length: 16 }, (_, index) =>
      bulkhead.run(`other ${index}`, held.task(1000 + index), NEVER),
    );
    expect(held.started.slice(48)).toEqual(Array.from({ length: 16 }, (_, index) => 1000 + index));
    // One who comes when all permits are taken gets the next one.
    const late = bulkhead.run('late', held.task(2000), NEVER);
    await held.end(0);
    expect(held.started.at(-1)).toBe(2000);
    for (let index = 0; index < 16; index++) await held.end(1000 + index);
    await held.end(2000);
    expect(await Promise.all([...others, late])).toHaveLength(17);
  });

  it('are refused alone when one of them has filled the queue', async () => {
    const bulkhead = new Bulkhead({ permits: 1, queueCapacity: 4, share: 3 });
    const held = heldTasks();
    const outcomes = new Map<number, string>();
    const send = (caller: string, number: number): void => {
      bulkhead.run(caller, held.task(number), NEVER).then(
        () => outcomes.set(number, 'done'),
        (error: unknown) => outcomes.set(number, error instanceof UpstreamError ? error.code : 'unexpected'),
      );
    };
    for (let number = 0; number < 6; number++) send('greedy', number);
    await turn();
    expect([...outcomes]).toEqual([[5, 'UPSTREAM_UNAVAILABLE']]);
    send('modest', 10);
    send('modest', 11);
    await turn();
    // Not the one who came, but the last of the one who has most.
    expect([...outcomes.keys()]).toEqual([5, 4, 3]);
    // Both have two waiting now: nobody makes room for more.
    send('modest', 12);
    send('greedy', 6);
    await turn();
    expect([...outcomes.keys()].slice(3)).toEqual([12, 6]);
    for (const number of [0, 1, 10, 2, 11]) await held.end(number);
    expect(held.started).toEqual([0, 1, 10, 2, 11]);
    expect([...outcomes.values()].filter((outcome) => outcome === 'done')).toHaveLength(5);
  });

  it('with made-up names never wait in larger numbers than the queue has room for', async () => {
    const loads: number[] = [];
    const onLoad = (_inFlight: number, waiting: number): void => void loads.push(waiting);
    const bulkhead = new Bulkhead({ permits: 2, queueCapacity: 16, share: 3, onLoad });
    let refused = 0;
    for (let number = 0; number < 1000; number++) {
      bulkhead.run(`made up ${number}`, () => new Promise(() => undefined), NEVER).catch(() => refused++);
    }
    await turn();
    expect(Math.max(...loads)).toBe(16);
    expect(refused).toBe(1000 - 2 - 16);
  });
});

describe('Callers of one account', () => {
  const pending = (): Promise<never> => new Promise(() => undefined);
  const LIMITS = { permits: 64, queueCapacity: 512, share: 3, accountShare: 7 };

  it.each([
    ['one: three quarters', 1, 48],
    ['very many: seven eighths', 1000, 56],
  ])('hold at most a share of 64 permits together: %s', async (_name, callers, share) => {
    let started = 0;
    const bulkhead = new Bulkhead(LIMITS);
    for (let number = 0; number < 1000; number++) {
      const task = (): Promise<never> => (started++, pending());
      void bulkhead.run(`project ${number % callers}`, task, NEVER, 'one').catch(() => undefined);
    }
    expect(started).toBe(share);
    expect(bulkhead.hasRoom('project 0', 1, 'one')).toBe(false);
    // Others have room, and so has one of the same account, if it is another that has sent so much.
    expect(bulkhead.hasRoom('other', 1, 'two')).toBe(true);
    expect(bulkhead.hasRoom('late', 1, 'one')).toBe(callers === 1);
  });

  it('take turns among themselves, and have one turn together', async () => {
    const bulkhead = new Bulkhead({ permits: 1, queueCapacity: 20, share: 3, accountShare: 7 });
    const held = heldTasks();
    // In small letters the callers of one account, and one caller of another.
    const order = 'aaabbcXXX';
    const results = Array.from(order, (caller, index) =>
      bulkhead.run(caller, held.task(index), NEVER, caller === 'X' ? 'two' : 'one'),
    );
    for (let n = 0; n < order.length; n++) await held.end(held.started[n] ?? -1);
    expect(held.started.map((index) => order[index]).join('')).toBe('aaXbXcXab');
    await Promise.all(results);
  });

  it('are refused together when they have filled the queue, each with little of it', async () => {
    const bulkhead = new Bulkhead({ ...LIMITS, permits: 1, queueCapacity: 4 });
    const outcomes = new Map<string, string>();
    const send = (caller: string, account: string): void => {
      bulkhead
        .run(caller, pending, NEVER, account)
        .catch(({ code }: UpstreamError) => outcomes.set(caller, code));
    };
    for (const caller of ['a', 'b', 'c', 'd', 'e', 'f']) send(caller, 'one');
    send('X', 'two');
    send('Y', 'two');
    send('Z', 'two');
    await turn();
    // The first one runs, and four wait: the sixth is too many, and two make room for the other account.
    expect([...outcomes.keys()].toSorted()).toEqual(['Z', 'd', 'e', 'f']);
  });

  it('make room for each other', async () => {
    const bulkhead = new Bulkhead({ ...LIMITS, permits: 1, queueCapacity: 4 });
    const held = heldTasks();
    const refused: number[] = [];
    for (const [number, caller] of 'aaaaabb'.split('').entries()) {
      bulkhead.run(caller, held.task(number), NEVER, 'one').catch(() => refused.push(number));
    }
    await turn();
    expect(refused).toEqual([4, 3]);
  });
});

describe('Queues of callers', () => {
  const waiter = (): Waiter => ({ start: () => undefined, drop: () => undefined });

  it('keep nothing of a caller without waiters', () => {
    const queues = new CallerQueues();
    const asked: CallerKey[] = [];
    const mayStart = (caller: CallerKey): boolean => {
      asked.push(caller);
      return caller === 'a';
    };
    const [first, second] = [waiter(), waiter()];
    queues.add('a', 'one', first);
    queues.add('b', 'one', second);
    queues.add('c', 'two', second);
    expect(queues.take(mayStart)).toBe(first);
    queues.remove('b', 'one', second);
    queues.remove('b', 'one', second);
    expect(queues.size).toBe(1);
    asked.length = 0;
    expect(queues.take(mayStart)).toBeUndefined();
    expect(asked).toEqual(['c']);
  });
});

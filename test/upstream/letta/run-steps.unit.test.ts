import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../src/errors/upstream-error.ts';
import { createPageSizes } from '../../../src/lists/ranges/page-sizes.ts';
import { LIST_PAGES } from '../../../src/runs/limits.ts';
import { createRunSteps } from '../../../src/upstream/letta/run-steps.ts';
import { answerSteps, inOrder, type TimedStep } from '../../support/parts-model.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { timedSteps } from '../../support/random-steps.ts';

const RUN_ID = 'run-1';

interface Server {
  /** A larger limit is refused. */
  readonly max?: number;
  /** Gives fewer rows instead. */
  readonly isSilent?: boolean;
  /** The parameter by which later steps are asked for; null if cursors are ignored. */
  readonly following?: 'after' | 'before' | null;
  readonly ignoresOrder?: boolean;
  readonly onRequest?: (count: number) => void;
}

function serve(
  steps: readonly TimedStep[],
  { max = 200, following = 'after', ...server }: Server = {},
  sizes = createPageSizes(LIST_PAGES.steps),
) {
  let current = steps;
  const requests: string[] = [];
  const page = async (query: string): Promise<readonly unknown[]> => {
    requests.push(query);
    server.onRequest?.(requests.length);
    const parameters = new URLSearchParams(query);
    const limit = Math.min(Number(parameters.get('limit')), server.isSilent === true ? max : Infinity);
    if (limit > max) {
      const refusedParameters = [{ name: 'limit', max }];
      throw new UpstreamError('UPSTREAM_REJECTED', 'no', { status: 422, refusedParameters });
    }
    const passed = new URLSearchParams({
      limit: String(limit),
      order: server.ignoresOrder === true ? 'asc' : (parameters.get('order') ?? ''),
    });
    const [after, before] = [parameters.get('after'), parameters.get('before')];
    const [later, earlier] = following === 'before' ? [before, after] : [after, before];
    if (later !== null && following !== null) passed.set('after', later);
    if (earlier !== null && following !== null) passed.set('before', earlier);
    const answer = answerSteps(current, passed);
    if (typeof answer === 'string') return JSON.parse(answer);
    throw new UpstreamError('UPSTREAM_REJECTED', 'no', { status: answer?.status ?? 500 });
  };
  const open = () =>
    createRunSteps(
      RUN_ID,
      { page, following: { parameter: 'after' }, failedCheck() {} },
      sizes,
      () => undefined,
    );
  const change = (next: readonly TimedStep[]): void => {
    current = next;
  };
  return { open, requests, change, ids: inOrder(steps).map(({ id }) => id) };
}

/** Steps one after the other. */
const steps = (count: number): readonly TimedStep[] =>
  Array.from({ length: count }, (_, index) => {
    const number = String(index).padStart(4, '0');
    const id = `step-${number}`;
    return { id, created_at: number, wire: { id, model: null } };
  });

const read = async ({ open }: ReturnType<typeof serve>) => {
  const { items, isWhole } = await open().read();
  expect(isWhole).toBe(true);
  expect(items.map(({ index }) => index)).toEqual([...items.keys()]);
  return items.map(({ id }) => id);
};

describe('The steps of a run', () => {
  it('are all of them, in order, whatever comes at a time, with any of one instant', async () => {
    await fc.assert(
      fc.asyncProperty(
        timedSteps(RUN_ID, 90),
        fc.constantFrom(200, 50, 10, 7, 2),
        fc.constantFrom('after', 'before'),
        fc.nat(100),
        fc.boolean(),
        async (random, max, following, count, isSilent) => {
          // What no server's pages have for a size isn't doubted.
          const served = serve(random, { max, following, isSilent: isSilent && max >= 200 });
          expect(await read(served)).toEqual(served.ids);
          const list = served.open();
          const { items, isWhole } = await list.read((some) => some.length >= count);
          expect(items.map(({ id }) => id)).toEqual(served.ids.slice(0, items.length));
          const last = isWhole ? undefined : await list.readLast(count);
          if (last !== undefined)
            expect(last.map(({ id }) => id)).toEqual(served.ids.slice(served.ids.length - count));
        },
      ),
      { numRuns: propertyRuns(100) },
    );
  });

  const FIRST = 'order=asc&limit=200';
  const WHOLE = 'order=asc&limit=2147483647';
  it.each([
    [0, Infinity, [FIRST]],
    [100, Infinity, [FIRST]],
    [199, Infinity, [FIRST]],
    [1000, Infinity, [FIRST, WHOLE, `${FIRST}&after=step-0998`]],
    [1100, Infinity, [FIRST, WHOLE]],
    [199, 200, [FIRST]],
    [200, 200, [FIRST, WHOLE, `${FIRST}&after=step-0198`]],
    [399, 200, [FIRST, WHOLE, `${FIRST}&after=step-0198`, `${FIRST}&after=step-0397`]],
  ])('are read by as few requests as prove them: %i, where %d can be had', async (count, max, requests) => {
    const served = serve(steps(count), { max });
    expect(await read(served)).toEqual(served.ids);
    expect(served.requests).toEqual(requests);
  });

  it('are requested at once, once it is known that all can be had, if much of them may be needed', async () => {
    const sizes = createPageSizes(LIST_PAGES.steps);
    const served = serve(steps(700), { max: Infinity }, sizes);
    await read(served);
    served.requests.length = 0;
    await served.open().read((some) => some.length > 500, true);
    expect(served.requests).toEqual([WHOLE]);
    await served.open().read((some) => some.length > 20);
    expect(served.requests).toEqual([WHOLE, FIRST]);
  });

  it.each([200, 250])('are all there where %i come at a time without a word', async (max) => {
    const sizes = createPageSizes(LIST_PAGES.steps);
    for (const count of [max, 3 * max, max - 1, 7 * max + 3]) {
      const served = serve(steps(count), { max, isSilent: true }, sizes);
      expect(await read(served)).toEqual(served.ids);
    }
    expect(sizes.current).toBe(200);
  });

  it('are read no further than they are needed, and from the end', async () => {
    const served = serve(steps(5000));
    const list = served.open();
    await Promise.all([list.read((some) => some.length >= 21), list.read((some) => some.length > 0)]);
    expect(served.requests).toHaveLength(1);
    expect((await list.readLast(3))?.map(({ id, index }) => [id, index])).toEqual([
      ['step-4997', null],
      ['step-4998', null],
      ['step-4999', null],
    ]);
    expect(served.requests).toHaveLength(2);
    expect(await list.readLast(201)).toBeUndefined();
  });

  it('are not taken from the end where the order is ignored', async () => {
    const list = serve(steps(500), { ignoresOrder: true }).open();
    await list.read((some) => some.length > 0);
    expect(await list.readLast(10)).toBeUndefined();
  });

  it('are all those that were added while they were read', async () => {
    const served = serve(steps(300), { onRequest: (count) => served.change(steps(300 + 50 * count)) });
    expect(await read(served)).toHaveLength(500);
  });

  it('are read again if one is gone, and an error if that never ends', async () => {
    const without = steps(300).toSpliced(198, 1);
    const served = serve(steps(300), { onRequest: (count) => count === 2 && served.change(without) });
    expect(await read(served)).toEqual(inOrder(without).map(({ id }) => id));

    let left = steps(1000);
    const shrinking = serve(left, {
      onRequest: () => {
        left = left.filter((_step, index) => index !== 198 && index !== 199);
        shrinking.change(left);
      },
    });
    await expect(read(shrinking)).rejects.toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE' });
    expect(shrinking.requests.length).toBeLessThan(12);
  });

  it.each<[string, Server, object]>([
    ['cursors are ignored', { following: null }, { code: 'UPSTREAM_INVALID_RESPONSE' }],
    ['one comes at a time', { max: 1 }, { name: 'UnsupportedError' }],
  ])('are an error where %s', async (_name, server, error) => {
    await expect(serve(steps(300), server).open().read()).rejects.toMatchObject(error);
  });
});

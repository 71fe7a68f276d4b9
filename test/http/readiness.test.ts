import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { createReadiness } from '../../src/http/operator-routes.ts';
import { silentLog } from '../../src/observability/log.ts';
import { execute } from '../support/execute.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';

function readinessWith(checkUpstream: () => Promise<{ version: string; dialect: undefined }>) {
  const clock = { now: 0 };
  const readiness = createReadiness({
    isDraining: () => false,
    upstreamUrl: 'http://upstream',
    checkUpstream,
    log: silentLog,
    now: () => clock.now,
  });
  const statuses = async (count: number): Promise<readonly number[]> => {
    const answers = await Promise.all(Array.from({ length: count }, () => readiness.answer(false)));
    return answers.map(({ status }) => status);
  };
  return { clock, statuses };
}

describe('/ready', () => {
  it.each([
    ['up', 200],
    ['down', 503],
  ])('asks an upstream that is %s once for all callers, and again after a second', async (state, status) => {
    let checks = 0;
    const { clock, statuses } = readinessWith(async () => {
      checks++;
      await new Promise(setImmediate);
      if (state === 'down') throw new Error('down');
      return { version: '1', dialect: undefined };
    });
    const all = Array.from({ length: 100 }, () => status);
    expect(await statuses(100)).toEqual(all);
    clock.now += 999;
    expect(await statuses(100)).toEqual(all);
    expect(checks).toBe(1);
    clock.now += 1;
    expect(await statuses(100)).toEqual(all);
    expect(checks).toBe(2);
  });

  it('takes nothing from queries, however many ask and however slow the upstream is', async () => {
    let healthRequests = 0;
    await using upstream = await startRawUpstream((socket, request) => {
      if (request.head.includes('/v1/health/')) healthRequests++;
      else answerWith(200, '[]')(socket, request);
    });
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, upstreamMaxInFlight: 4 });
    const leave = new AbortController();
    const ready = Array.from({ length: 100 }, () =>
      gateway.fetch(new Request('http://gateway/ready', { signal: leave.signal })).catch(() => undefined),
    );
    await expect.poll(() => healthRequests).toBeGreaterThan(0);
    for (let i = 1; i <= 20; i++) {
      expect(await execute(gateway, `{ runs(first: ${i}) { nodes { id } } }`)).toEqual({
        data: { runs: { nodes: [] } },
      });
    }
    expect(healthRequests).toBe(1);
    leave.abort();
    void ready;
  });
});

import { describe, expect, it } from 'vitest';
import { execute } from '../../support/execute.ts';
import { mixedRunId } from '../../support/ids.ts';
import { runAt } from '../../support/live-runs.ts';
import { watch, watchRuns } from '../../support/watch.ts';
import { as, openLive, RUNNING } from './open-live.ts';

describe('MAX_SUBSCRIPTIONS, RATE_LIMIT and draining', () => {
  it('MAX_SUBSCRIPTIONS limits streams in all, and the caller with most gives way to one with fewer', async () => {
    await using test = await openLive({ config: { maxSubscriptions: 3 } });
    const greedy = Array.from({ length: 3 }, () => watchRuns(test.gateway, '', { headers: as('greedy') }));
    await test.clock.pass(3000);
    const fourth = watchRuns(test.gateway, '', { headers: as('greedy') });
    await test.clock.pass(100);
    expect(fourth.error).toMatchObject({ code: 'TOO_MANY_SUBSCRIPTIONS', retryable: true });
    const modest = watchRuns(test.gateway, '', { headers: as('modest') });
    await test.clock.pass(1000);
    expect(modest.error).toBeUndefined();
    const newest = { code: 'TOO_MANY_SUBSCRIPTIONS', cursor: expect.any(String) };
    expect(greedy.map(({ error }) => error)).toMatchObject([undefined, undefined, newest]);
    // Nor is a stream taken away from a caller who would then have fewer than the other.
    const second = watchRuns(test.gateway, '', { headers: as('modest') });
    await test.clock.pass(100);
    expect(second.error).toMatchObject({ code: 'TOO_MANY_SUBSCRIPTIONS' });
    // What has ended makes room.
    await modest.close();
    const third = watchRuns(test.gateway, '', { headers: as('another') });
    await test.clock.pass(1000);
    expect([third.error, ...greedy.map(({ error }) => error)]).toMatchObject([
      undefined,
      undefined,
      undefined,
      newest,
    ]);
  });

  it('one caller watches a hundred lists at most, and others go on', async () => {
    await using test = await openLive({ config: { maxSubscriptions: 1000 } });
    const lists = Array.from({ length: 100 }, (_, number) =>
      watchRuns(test.gateway, `agentId: "agent-${number}"`, { headers: as('one') }),
    );
    await test.clock.pass(1000);
    const more = watchRuns(test.gateway, 'agentId: "agent-100"', { headers: as('one') });
    const project = watchRuns(test.gateway, 'active: true', { headers: { ...as('one'), 'x-project': 'p' } });
    const same = watchRuns(test.gateway, 'agentId: "agent-7"', { headers: as('one') });
    const other = watchRuns(test.gateway, 'agentId: "agent-100"', { headers: as('two') });
    await test.clock.pass(1000);
    expect([more, project, same, other].map(({ error }) => error?.['code'])).toEqual([
      'TOO_MANY_SUBSCRIPTIONS',
      'TOO_MANY_SUBSCRIPTIONS',
      undefined,
      undefined,
    ]);
    await lists[0]?.close();
    await test.clock.pass(1000);
    const instead = watchRuns(test.gateway, 'agentId: "agent-100"', { headers: as('one') });
    await test.clock.pass(1000);
    expect(instead.error).toBeUndefined();
  });

  it('a stream is charged for every event and look-up, and goes on later where the caller could pay no more', async () => {
    const active = Array.from({ length: 30 }, (_, number) =>
      runAt(200 + number, number, { status: 'running' }),
    );
    await using test = await openLive({ runs: active, config: { rateLimit: 100 } });
    const client = watchRuns(test.gateway);
    await test.clock.pass(2000);
    test.store.insert(Array.from({ length: 60 }, (_, number) => runAt(100 + number, 902 + number / 100)));
    await test.clock.pass(2100);
    expect(client.error).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterSeconds: expect.any(Number),
      cursor: client.events.at(-1)?.cursor,
    });
    for (const { id } of active) test.store.update(id, { status: 'failed', stop_reason: 'error' });
    const told = client.events.map((event) => event.runId);
    for (let after = client.error?.['cursor']; told.length < 90;) {
      await test.clock.pass(60_000);
      const again = watchRuns(test.gateway, '', { after: String(after) });
      await test.clock.pass(5000);
      expect(again.error?.['code'] ?? 'RATE_LIMITED').toBe('RATE_LIMITED');
      expect(again.events.length).toBeGreaterThan(0);
      told.push(...again.events.map((event) => event.runId));
      after = again.error?.['cursor'] ?? again.events.at(-1)?.cursor;
      await again.close();
    }
    expect(told.toSorted()).toEqual(
      [
        ...Array.from({ length: 60 }, (_, number) => mixedRunId(100 + number)),
        ...active.map(({ id }) => id),
      ].toSorted(),
    );
  });

  it('a stream goes on later where the caller could not pay for reading back to its cursor', async () => {
    const running = runAt(1, 890, { status: 'running' });
    await using test = await openLive({ runs: [running] });
    const client = watchRuns(test.gateway, 'active: true');
    await test.clock.pass(1000);
    test.store.update(running.id, { metadata: { note: 1 } });
    await test.clock.pass(2000);
    const after = client.events.at(-1)?.cursor;
    await client.close();
    test.store.insert(Array.from({ length: 4500 }, (_, index) => runAt(10 + index, 904 + index / 1000)));
    test.store.update(running.id, { metadata: { note: 2 } });
    await using poor = await test.another({ rateLimit: 50 });
    await execute(poor, '{ runs(first: 20) { nodes { id } } }');
    const resumed = watchRuns(poor, 'active: true', { after });
    await test.clock.pass(3000);
    expect([resumed.error, resumed.events]).toEqual([undefined, []]);
    await test.clock.pass(60_000);
    expect(resumed.events.map(({ kind, runId: id }) => [kind, id])).toEqual([['UPDATED', running.id]]);
  });

  it('streams end one by one while the gateway drains, with a cursor to go on from, and none begins', async () => {
    await using test = await openLive();
    const clients = Array.from({ length: 20 }, () => watchRuns(test.gateway));
    await test.clock.pass(2000);
    test.gateway.startDraining(10_000, 3000);
    const late = watch(test.gateway, `subscription { runUpdates(id: "${RUNNING.id}") { status } }`);
    await test.clock.pass(2900);
    expect(clients.filter(({ isOver }) => isOver)).toEqual([]);
    await test.clock.pass(3600);
    expect(late.error).toMatchObject({ code: 'SUBSCRIPTION_DRAINED', retryable: true });
    const { length } = clients.filter(({ isOver }) => isOver);
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThan(20);
    expect(await test.execute('{ runs(first: 1) { nodes { id } } }')).toEqual({
      data: { runs: { nodes: [{ id: RUNNING.id }] } },
    });
    await test.clock.pass(5100);
    expect(clients.map(({ error }) => [error?.['code'], typeof error?.['cursor']])).toEqual(
      clients.map(() => ['SUBSCRIPTION_DRAINED', 'string']),
    );
    await using replica = await test.another();
    test.store.insert([runAt(2, 912)]);
    const again = watchRuns(replica, '', { after: String(clients[0]?.error?.['cursor']) });
    await test.clock.pass(1000);
    expect(again.events.map((event) => event.runId)).toEqual([mixedRunId(2)]);
  });
});

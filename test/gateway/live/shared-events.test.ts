import { env } from 'node:process';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { GraphQLError, OperationTypeNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { expect, it, vi } from 'vitest';
import { createExecuteEvent } from '../../../src/operations/event-executions.ts';
import { createMemory } from '../../../src/scheduling/held-memory.ts';
import { mixedRunId } from '../../support/ids.ts';
import { runAt } from '../../support/live-runs.ts';
import { watch } from '../../support/watch.ts';
import { openLive } from './open-live.ts';

const UPDATES = `subscription Watch($agent: Boolean = false) {
  runUpdates(id: "${mixedRunId(1)}") { status agent @include(if: $agent) { name } }
}`;

it('An event is executed once for each caller, operation and variables, but for each subscription with a plugin', async () => {
  const exporter = new InMemorySpanExporter();
  const spanProcessors = [new SimpleSpanProcessor({ exporter })];
  await using test = await openLive({
    config: { tracer: new TracerProvider({ spanProcessors }).getTracer('app') },
  });
  const watchAs = (authorization: string, variables = {}) =>
    watch(test.gateway, UPDATES, { variables, headers: { authorization } });
  const one = [watchAs('Bearer one'), watchAs('Bearer one'), watchAs('Bearer one')];
  const others = [watchAs('Bearer two'), watchAs('Bearer one', { agent: true })];
  await test.clock.pass(1000);
  expect([...one, ...others].map(({ values }) => values.length)).toEqual([1, 1, 1, 1, 1]);
  const events = exporter.getFinishedSpans().filter(({ links }) => links.length > 0);
  const joined = events.filter(({ attributes }) => attributes['runs_gateway.joined'] === true);
  expect([events.length, joined.length]).toEqual([5, env['WITH_A_PLUGIN'] === undefined ? 2 : 0]);
});

it('An event is charged to each subscription', async () => {
  await using test = await openLive({ config: { rateLimit: 1000 } });
  const remaining = async () => {
    const { data } = await test.execute('{ rateLimit { remaining } }');
    return (data as { rateLimit: { remaining: number } }).rateLimit.remaining;
  };
  for (let count = 0; count < 2; count++) watch(test.gateway, UPDATES);
  await test.clock.pass(0);
  const before = await remaining();
  test.store.update(mixedRunId(1), { status: 'completed', stop_reason: 'end_turn', total_duration_ns: 5 });
  await test.clock.pass(5000);
  // 5 for each event, as for opening the subscription; 1 for the query.
  expect(before - (await remaining())).toBe(2 * 5 + 1);
});

it('What a subscription gets first is no older than the subscription', async () => {
  await using test = await openLive();
  let name = 'before';
  test.upstream.script = ({ path }, next) =>
    path.startsWith('/v1/agents/') ? { body: { id: runAt(1, 0).agent_id, name } } : next();
  const variables = { agent: true };
  const first = watch(test.gateway, UPDATES, { variables });
  await test.clock.pass(500);
  name = 'after';
  const second = watch(test.gateway, UPDATES, { variables });
  await test.clock.pass(0);
  expect([first.values, second.values]).toMatchObject([
    [{ agent: { name: 'before' } }],
    [{ agent: { name } }],
  ]);
});

it('A plugin that changes the results of one subscription changes none of another', async () => {
  const changing: Plugin = {
    onSubscribe: ({ args }) => ({
      onSubscribeResult: () => ({
        onNext({ result }) {
          if (args.contextValue.request.headers.has('x-change') && 'data' in result)
            Object.assign(Object(result.data?.['runUpdates']), { status: 'CHANGED' });
        },
      }),
    }),
  };
  await using test = await openLive({ config: { plugins: [changing] } });
  const clients = [{}, { 'x-change': 'yes' }, {}].map((headers) => watch(test.gateway, UPDATES, { headers }));
  await test.clock.pass(1000);
  expect(clients.map(({ values: [run] }) => (run as { status: string }).status)).toEqual([
    'RUNNING',
    'CHANGED',
    'RUNNING',
  ]);
});

it('A result of an event is kept for other subscriptions, but not one with errors', async () => {
  let count = 0;
  const executeEvent = createExecuteEvent({
    async run({ createContext, signal }) {
      createContext(signal, createMemory()('one'));
      return { data: Buffer.from('{}'), errors: ++count === 1 ? [new GraphQLError('Failed once')] : [] };
    },
  });
  const request: Parameters<typeof executeEvent>[0] = {
    operation: { type: OperationTypeNode.SUBSCRIPTION, chargedCost: 1, execute: vi.fn() },
    credentials: {
      callerKey: 'one',
      account: 'one',
      headers: {},
      label: undefined,
      isReadOnly: false,
      revocation: undefined,
    },
    signal: new AbortController().signal,
    key: 'one',
    openedAt: 0,
    createContext: () => ({}),
    event: {},
  };
  const executions = [];
  for (let turn = 0; turn < 3; turn++) executions.push(await executeEvent(request));
  expect(executions.map(({ errors }) => errors.length)).toEqual([1, 0, 0]);
  expect(count).toBe(2);
});

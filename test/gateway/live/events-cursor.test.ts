import { describe, expect, it } from 'vitest';
import { stopClock } from '../../support/clock.ts';
import { execute } from '../../support/execute.ts';
import { agentId, mixedRunId } from '../../support/ids.ts';
import { runAt } from '../../support/live-runs.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { watchRuns } from '../../support/watch.ts';

const CONVERSATION = 'conv-00000000-0000-4000-8000-000000000001';
const AGENT = agentId(1);
/** An old run that is active, and newer ones that have ended. */
const RUNS = [
  runAt(1, 1, { status: 'running', agent_id: AGENT }),
  ...[2, 3, 4].map((number) => runAt(number, number, { agent_id: AGENT, conversation_id: CONVERSATION })),
] as never;

interface Page {
  readonly nodes: readonly { readonly id: string }[];
  readonly eventsCursor: string;
}

async function open(list: string, path: readonly string[] = ['runs']) {
  const clock = stopClock();
  const test = await openGateway({ runs: RUNS });
  const before = test.upstream.requests.length;
  const { data, errors } = await clock.until(execute<never>(test.gateway, list));
  expect(errors).toBeUndefined();
  const page: Page = path.reduce<never>((value, name) => value[name], data as never);
  return {
    ...test,
    page,
    asked: test.upstream.requests.length - before,
    async eventsOf(filters: string) {
      const watching = watchRuns(test.gateway, filters, { after: page.eventsCursor });
      await clock.pass(5_000);
      await watching.close();
      return { events: watching.events.map(({ kind, runId: id }) => [kind, id]), error: watching.error };
    },
    async [Symbol.asyncDispose]() {
      await test[Symbol.asyncDispose]();
      clock[Symbol.dispose]();
    },
  };
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const PAGE = '{ nodes { id } eventsCursor }';

describe('RunConnection.eventsCursor', () => {
  it.each<[name: string, query: string, path: readonly string[], filters: string]>([
    ['all runs', `{ runs(first: 1) ${PAGE} }`, ['runs'], ''],
    ['the last runs', `{ runs(last: 1, order: ASC) ${PAGE} }`, ['runs'], ''],
    ['no rows', `{ runs(first: 0) ${PAGE} }`, ['runs'], ''],
    ['an empty list', `{ runs(statuses: [FAILED]) ${PAGE} }`, ['runs'], 'statuses: [FAILED]'],
    ['failures', `{ runs(outcomes: [FAILED]) ${PAGE} }`, ['runs'], 'outcomes: [FAILED]'],
    [
      'an agent',
      `{ agent(id: "${AGENT}") { runs(first: 1) ${PAGE} } }`,
      ['agent', 'runs'],
      `agentId: "${AGENT}"`,
    ],
    [
      'a default conversation',
      `{ agent(id: "${AGENT}") { defaultConversation { runs ${PAGE} } } }`,
      ['agent', 'defaultConversation', 'runs'],
      `agentId: "${AGENT}", inDefaultConversation: true`,
    ],
  ])('is followed by the end of an old run, for a page of %s', async (_name, query, path, filters) => {
    await using test = await open(query, path);
    test.store.update(mixedRunId(1), {
      status: 'failed',
      stop_reason: 'error',
      completed_at: '2026-01-01T00:01:00',
    });
    const { events, error } = await test.eventsOf(filters);
    expect(error).toBeUndefined();
    const kind = /FAILED/.test(filters) ? 'ADDED' : 'UPDATED';
    expect(events).toEqual([[kind, mixedRunId(1)]]);
  });

  it('is followed by runs of a conversation that come, and by nothing that has not changed', async () => {
    const query = `{ conversation(id: "${CONVERSATION}") { runs(first: 2) ${PAGE} } }`;
    await using test = await open(query, ['conversation', 'runs']);
    test.store.insert([runAt(5, 5, { agent_id: AGENT, conversation_id: CONVERSATION })] as never);
    const { events } = await test.eventsOf(`conversationId: "${CONVERSATION}"`);
    expect(events).toEqual([['ADDED', mixedRunId(5)]]);
  });

  it('takes two requests ahead of the page, once for all pages of a list', async () => {
    await using test = await open(`{ runs(first: 1) ${PAGE} more: runs(first: 2) ${PAGE} }`);
    const limits = test.upstream.urls
      .slice(-4)
      .map((url) => new URL(url, 'http://x').searchParams.get('limit'));
    expect(test.asked).toBe(4);
    expect(new Set(limits.slice(0, 2))).toEqual(new Set(['1000', '101']));
  });

  it('is good for a page of 300 runs that ended a while ago and never got a duration', async () => {
    using clock = stopClock('2026-01-01T06:00:00Z');
    const ended = { status: 'completed', completed_at: '2026-01-01T05:55:00', total_duration_ns: null };
    const runs = Array.from({ length: 300 }, (_, at) => runAt(at + 1, at + 18_000, ended));
    await using test = await openGateway({ runs: runs as never });
    const query = `{ runs(first: 300) ${PAGE} }`;
    const { data } = await clock.until(execute<{ readonly runs: Page }>(test.gateway, query));
    const watching = watchRuns(test.gateway, '', { after: data?.runs.eventsCursor });
    test.store.delete(mixedRunId(300));
    await clock.pass(5_000);
    await watching.close();
    expect([watching.error, watching.events.map(({ kind }) => kind)]).toEqual([undefined, ['REMOVED']]);
  });

  it.each([
    ['last: 5', 'CURSOR_TOO_OLD'],
    ['first: 5', undefined],
  ])('of 1,100 active runs tells of the newest, and refuses a page of the oldest: %s', async (page, code) => {
    using clock = stopClock();
    const runs = Array.from({ length: 1100 }, (_, at) => runAt(at + 1, at + 1, { status: 'running' }));
    await using test = await openGateway({ runs: runs as never });
    const query = `{ runs(${page}) ${PAGE} }`;
    const { data } = await clock.until(execute<{ readonly runs: Page }>(test.gateway, query));
    const [shown] = data?.runs.nodes ?? [];
    test.store.update(shown?.id ?? '', { status: 'failed', stop_reason: 'error' });
    const watching = watchRuns(test.gateway, '', { after: data?.runs.eventsCursor });
    await clock.pass(5_000);
    await watching.close();
    expect(watching.error?.['code']).toBe(code);
    expect(watching.events.map(({ runId: id }) => id)).toEqual(code === undefined ? [shown?.id] : []);
  });

  it('is refused with other filters', async () => {
    await using test = await open(`{ runs(first: 1) ${PAGE} }`);
    const { error } = await test.eventsOf('active: true');
    expect(error).toMatchObject({ code: 'INVALID_CURSOR' });
  });

  it('tells of a run that fails after the active runs were read, and before the failures', async () => {
    await using test = await openGateway({ runs: RUNS });
    using clock = stopClock();
    let asked = 0;
    test.upstream.script = async (_request, next) => {
      const answer = await next();
      if (++asked === 2) test.store.update(mixedRunId(1), { status: 'failed', stop_reason: 'error' });
      return answer;
    };
    const query = `{ runs(statuses: [FAILED]) ${PAGE} }`;
    const { data } = await clock.until(execute<{ readonly runs: Page }>(test.gateway, query));
    const watching = watchRuns(test.gateway, 'statuses: [FAILED]', { after: data?.runs.eventsCursor });
    await clock.pass(5_000);
    await watching.close();
    const told = watching.events.map(({ runId: id }) => id);
    expect([...(data?.runs.nodes ?? []).map(({ id }) => id), ...told]).toEqual([mixedRunId(1)]);
  });

  it.each([
    [
      'another alias',
      `{ before: runs(statuses: [FAILED]) { nodes { id } } runs(statuses: [FAILED]) ${PAGE} }`,
    ],
    [
      'another alias of its agent',
      `{ before: runs(agentId: "${AGENT}", statuses: [FAILED]) { nodes { id } } runs(agentId: "${AGENT}", statuses: [FAILED]) ${PAGE} }`,
    ],
    ['another operation', `{ runs(statuses: [FAILED]) ${PAGE} }`],
  ])('is of a page that does not share the older answer of %s', async (other, query) => {
    using clock = stopClock('2026-01-01T06:00:00Z');
    const newer = Array.from({ length: 150 }, (_, at) => runAt(at + 2, at + 3600, { agent_id: AGENT }));
    await using test = await openGateway({ runs: [RUNS[0], ...newer] as never });
    let failed = 0;
    test.upstream.script = async ({ url }, next) => {
      const isOfFailed = url.includes('statuses=failed');
      // The active runs are read after the run has failed.
      if (!isOfFailed) await sleep(100);
      const answer = await next();
      if (isOfFailed && ++failed === 1) {
        const end = { status: 'failed', stop_reason: 'error', completed_at: '2026-01-01T05:59:59' };
        test.store.update(mixedRunId(1), { ...end, total_duration_ns: 5 });
        // What it read is slow to come.
        await sleep(300);
      }
      return answer;
    };
    const earlier =
      other === 'another operation'
        ? execute(test.gateway, '{ runs(statuses: [FAILED]) { nodes { id } } }')
        : undefined;
    await clock.pass(50);
    const { data } = await clock.until(execute<{ readonly runs: Page }>(test.gateway, query));
    await clock.until(Promise.resolve(earlier));
    const filters = query.includes('agentId')
      ? `agentId: "${AGENT}", statuses: [FAILED]`
      : 'statuses: [FAILED]';
    const watching = watchRuns(test.gateway, filters, { after: data?.runs.eventsCursor });
    await clock.pass(5_000);
    await watching.close();
    const told = watching.events.map(({ runId: id }) => id);
    expect([...(data?.runs.nodes ?? []).map(({ id }) => id), ...told]).toEqual([mixedRunId(1)]);
  });
});

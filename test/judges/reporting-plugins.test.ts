import { useSentry } from '@envelop/sentry';
import { useHive } from '@graphql-hive/yoga';
import * as Sentry from '@sentry/node';
import { afterAll, expect, it, vi } from 'vitest';
import { mixedRunId } from '../support/ids.ts';
import { runAt } from '../support/live-runs.ts';
import { type OpenListening, openListening } from '../support/open-listening.ts';
import type { Script } from '../support/scripted-upstream.ts';
import { TRANSPORTS } from '../support/subscriber.ts';

const PAGE = 'query Page { runs(first: 1) { nodes { id } } }';
const UPDATES = `subscription Updates { runUpdates(id: "${mixedRunId(1)}") { status } }`;
const NODES = { data: { runs: { nodes: [{ id: mixedRunId(1) }] } } };

const open = (plugin: object, script: Script = (_request, next) => next()) =>
  openListening({ runs: [runAt(1, 1)], script, config: { plugins: [plugin] } });

const ask = ({ graphql }: OpenListening) =>
  fetch(`${graphql}?${new URLSearchParams({ query: PAGE })}`).then((response) => response.json());

async function expectAnswers(server: OpenListening): Promise<void> {
  expect(await ask(server)).toEqual(NODES);
  for (const subscribe of Object.values(TRANSPORTS)) {
    const results = await Array.fromAsync(subscribe(server.graphql, { query: UPDATES }));
    expect(results).toEqual([{ data: { runUpdates: { status: 'COMPLETED' } } }]);
  }
}

afterAll(() => Sentry.close(0));

it('With the plugin of Sentry, operations are answered by each transport, and errors are reported', async () => {
  const beforeSend = vi.fn(() => null);
  Sentry.init({ dsn: 'http://key@127.0.0.1:9/1', defaultIntegrations: false, beforeSend });
  const fails = new Set<string>();
  await using server = await open(useSentry({ skipError: () => false }), ({ path }, next) =>
    fails.has(path) ? { status: 422, body: {} } : next(),
  );
  await expectAnswers(server);
  expect(beforeSend).not.toHaveBeenCalled();
  fails.add('/v1/runs/');
  expect(await ask(server)).toMatchObject({
    errors: [{ extensions: { code: 'UPSTREAM_REJECTED', sentryEventId: expect.any(String) } }],
  });
  expect(beforeSend).toHaveBeenCalledOnce();
});

it('With the plugin of Hive, operations are answered by each transport, and their usage is reported', async () => {
  const reports: string[] = [];
  const report = async (_url: unknown, init?: RequestInit) => {
    if (typeof init?.body === 'string') reports.push(init.body);
    return Response.json({});
  };
  const agent = { sendInterval: 50, fetch: report };
  const hive = useHive({ enabled: true, token: 'token', reporting: false, usage: true, agent });
  await using server = await open(hive);
  await expectAnswers(server);
  await expect.poll(() => reports.join()).toMatch(/"operationName":"Page"/);
});

import { useSentry } from '@envelop/sentry';
import * as Sentry from '@sentry/node';
import { afterAll, expect, it, vi } from 'vitest';
import { mixedRunId } from '../support/ids.ts';
import { runAt } from '../support/live-runs.ts';
import { openListening } from '../support/open-listening.ts';
import { TRANSPORTS } from '../support/subscriber.ts';

const RUNS = [runAt(1, 1)];
const PAGE = 'query Page { runs(first: 1) { nodes { id } } }';
const UPDATES = `subscription Updates { runUpdates(id: "${mixedRunId(1)}") { status } }`;
const NODES = { data: { runs: { nodes: [{ id: mixedRunId(1) }] } } };

const ask = (url: string, query: string) =>
  fetch(`${url}/graphql?${new URLSearchParams({ query })}`).then((response) => response.json());

afterAll(() => Sentry.close(0));

it('With the plugin of Sentry, operations are answered by each transport, and errors are reported', async () => {
  const beforeSend = vi.fn(() => null);
  Sentry.init({ dsn: 'http://key@127.0.0.1:9/1', defaultIntegrations: false, beforeSend });
  const fails = new Set<string>();
  await using server = await openListening({
    runs: RUNS,
    script: ({ path }, next) => (fails.has(path) ? { status: 422, body: {} } : next()),
    config: { plugins: [useSentry({ skipError: () => false })] },
  });
  expect(await ask(server.url, PAGE)).toEqual(NODES);
  for (const subscribe of Object.values(TRANSPORTS)) {
    const results = await Array.fromAsync(subscribe(`${server.url}/graphql`, { query: UPDATES }));
    expect(results).toEqual([{ data: { runUpdates: { status: 'COMPLETED' } } }]);
  }
  expect(beforeSend).not.toHaveBeenCalled();
  fails.add('/v1/runs/');
  expect(await ask(server.url, PAGE)).toMatchObject({
    errors: [{ extensions: { code: 'UPSTREAM_REJECTED', sentryEventId: expect.any(String) } }],
  });
  expect(beforeSend).toHaveBeenCalledOnce();
});

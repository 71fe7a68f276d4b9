import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect, it } from 'vitest';
import { runId } from '../support/ids.ts';
import { liveRun } from '../support/live-runs.ts';
import { connectMcp, ERAS } from '../support/mcp-client.ts';
import { openListening } from '../support/open-listening.ts';

it.each(ERAS)('A client of %s over a socket calls a tool, and ends its wait by leaving', async (era) => {
  await using server = await openListening({ runs: [liveRun(1), liveRun(2, { status: 'completed' })] });
  const transport = new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`));
  const { client, call } = await connectMcp(transport, era);
  const { data } = await call('list_runs', { state: 'unfinished' });
  expect(data).toMatchObject({ page: `${server.url}/runs/<id>`, runs: [{ id: runId(1) }] });
  const waits = expect(call('wait_for_run', { runId: runId(1) })).rejects.toThrow();
  await expect.poll(() => server.metric('subscriptions')).toBe(1);
  await client.close();
  await waits;
  await expect.poll(() => server.metric('subscriptions')).toBe(0);
});

import { describe, expect, it } from 'vitest';
import { loadRuns, readRow, refetchRun } from '../../examples/relay/main.ts';
import { createEnvironment } from '../../examples/relay/network.ts';
import { serveRuns } from './served-runs.ts';

describe('The store of relay-runtime', () => {
  it('has one record of a run, whether a list brought it or node(id:)', async () => {
    await using served = await serveRuns();
    const environment = createEnvironment(served.url);
    const [everything, ended] = [
      await loadRuns(environment),
      await loadRuns(environment, { statuses: ['FAILED', 'COMPLETED'] }),
    ];
    const edge = ended.at(60);
    const twin = everything.find(({ node }) => node.id === edge?.node.id);
    if (edge === undefined || twin === undefined) throw new Error('Too few runs to tell.');
    const { id } = edge.node;
    served.store.update(id, { status: 'cancelled' });
    expect(await readRow(environment, edge)).toMatchObject({
      id,
      status: expect.stringMatching('FAILED|COMPLETED'),
    });
    await refetchRun(environment, id);
    expect(await readRow(environment, edge)).toMatchObject({ id, status: 'CANCELLED' });
    expect(await readRow(environment, twin)).toMatchObject({ id, status: 'CANCELLED' });
  });

  it('never takes a page that failed for an empty list', async () => {
    await using served = await serveRuns();
    const environment = createEnvironment(served.url);
    await expect(loadRuns(environment, { agentId: '' })).rejects.toThrow('agentId');
  });
});

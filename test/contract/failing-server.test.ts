import { expect, it, vi } from 'vitest';
import { startRunsApi } from '../../embedded-api/routes/server.ts';
import { RunStore } from '../../embedded-api/store/run-store.ts';

const AGENT = '/v1/agents/agent-00000000-0000-4000-8000-00000000000a';

it.each([
  ['GET', '/v1/runs/run-00000001-0000-4000-8000-000000000000', null],
  ['POST', `${AGENT}/messages/cancel`, '{"run_ids":["run-00000001-0000-4000-8000-000000000000"]}'],
])(
  'An unexpected error of the embedded API is reported and answered by 500: %s',
  async (method, path, body) => {
    const store = new RunStore();
    const failure = new Error('a bug');
    const fail = () => {
      throw failure;
    };
    vi.spyOn(store, 'find').mockImplementation(fail);
    vi.spyOn(store.agents, 'find').mockImplementation(fail);
    const onError = vi.fn();
    await using api = await startRunsApi({ store, onError });
    const response = await fetch(`${api.baseUrl}${path}`, { method, body });
    expect([response.status, await response.json()]).toEqual([500, { detail: 'An unknown error occurred' }]);
    expect(onError.mock.calls).toEqual([[failure]]);
  },
);

import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startRunsApi } from '../../embedded-api/server.ts';
import { openStore } from '../../embedded-api/store/store.ts';
import { startProgram } from '../support/program.ts';

const RUN = 'run-00000000-0000-4000-8000-000000000001';

it('Prices are read again on SIGHUP; those that cannot be used change nothing', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'prices-'));
  const file = join(folder.path, 'prices.json');
  const write = (prompt: unknown) =>
    writeFile(file, JSON.stringify({ currency: 'USD', models: { m: { prompt, completion: 1 } } }));
  await write(2);
  using store = openStore();
  store.insert([{ id: RUN, agent_id: 'agent-1', created_at: '2026-01-01T00:00:00Z' }]);
  store.steps.insert([
    {
      id: 'step-00000000-0000-4000-8000-000000000001',
      run_id: RUN,
      created_at: '2026-01-01T00:00:00Z',
      model: 'm',
      prompt_tokens: 1_000_000,
      status: 'success',
    },
  ]);
  await using api = await startRunsApi({ store });
  const env = { LETTA_BASE_URL: api.baseUrl, PRICES: file, PORT: '0' };
  await using program = startProgram([], env);
  const url = await program.url;
  const amount = async (): Promise<number> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ run(id: "${RUN}") { cost { amount } } }` }),
    });
    return (await response.json()).data.run.cost.amount;
  };
  expect(await amount()).toBe(2);
  await write('x');
  program.process.kill('SIGHUP');
  await expect.poll(program.logged, { timeout: 20_000 }).toContain('The prices were not read again');
  expect(await amount()).toBe(2);
  await write(3);
  program.process.kill('SIGHUP');
  await expect.poll(amount, { timeout: 20_000 }).toBe(3);
});

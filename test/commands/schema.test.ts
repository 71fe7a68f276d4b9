import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { runCommand } from '../support/run-command.ts';

const run = (...args: string[]) => runCommand(['schema', ...args]);

it.each([
  [[], {}],
  [['--agents', 'stub', '--read-only'], { agents: 'stub', readOnly: true }],
] as const)('runs-gateway schema --subgraph %j prints what _service says', async (flags, config) => {
  await using gateway = await createGateway({ upstreamUrl: 'http://127.0.0.1:1', ...config });
  const { data } = await execute<{ _service: { sdl: string } }>(gateway, '{ _service { sdl } }');
  const { code, stdout, stderr } = await run('--subgraph', ...flags);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe(data?._service.sdl);
});

it('runs-gateway schema prints the schema for clients', async () => {
  const { code, stdout } = await run();
  expect(code).toBe(0);
  expect(stdout).toBe(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'));
});

it.each([
  [['--tag', 'runs'], '--tag: expected --subgraph as well'],
  [['--subgraph', '--tag', 'a"b'], '--tag: expected a name of letters'],
  [['--agents', 'some'], '--agents'],
  [['printed'], 'printed: unexpected argument'],
])('runs-gateway schema %j says what is wrong, and exits with 2', async (args, problem) => {
  const { code, stdout, stderr } = await run(...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(problem);
});

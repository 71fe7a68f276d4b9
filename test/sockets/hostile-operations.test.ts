import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Answer, jsonPost } from '../support/execute.ts';
import { forAll } from '../support/for-all.ts';
import { lacksProc } from '../support/lacks.ts';
import { startProgram } from '../support/program.ts';
import { HOSTILE_OPERATIONS } from './hostile-operations.ts';

/** Megabytes that the process may have had at most: its heap, and what is beside it. */
const MAX_RESIDENT_MB = 600;
const MAX_ANSWER_BYTES = 40 * 1024 * 1024;
const USUAL = '{ runs(first: 1000) { nodes { id metadata } } }';

describe('Hostile operations, with a heap of 512 MB', async () => {
  const NODE_OPTIONS = '--max-old-space-size=512';
  // Nothing fails by its time.
  const patience = { UPSTREAM_TIMEOUT_MS: '300000', OPERATION_TIMEOUT_MS: '300000' };
  const program = await forAll(startProgram(['--port', '0'], { NODE_OPTIONS, ...patience }));
  const url = await program.url;

  const ask = async (
    query: string,
    { headers = {}, ...more }: Record<string, unknown> = {},
  ): Promise<Answer<unknown>> => {
    const response = await fetch(`${url}/graphql`, jsonPost({ query, ...more }, Object(headers)));
    const text = await response.text();
    expect(text.length).toBeLessThan(MAX_ANSWER_BYTES);
    return JSON.parse(text);
  };
  const expectAlive = async (): Promise<void> =>
    expect(await ask(USUAL)).toEqual({ data: { runs: { nodes: expect.any(Array) } } });

  it.each(HOSTILE_OPERATIONS.map((operation) => [operation[0], operation] as const))(
    'are answered or refused with a code: %s',
    async (_name, [, codes, query, more]) => {
      const { data, errors } = await ask(query, more);
      if (errors === undefined) expect(data).toBeTruthy();
      else for (const error of errors) expect(codes).toContain(error.extensions?.code);
      await expectAlive();
    },
  );

  it.skipIf(lacksProc())('never take much memory of the process', () => {
    const status = readFileSync(`/proc/${program.process.pid}/status`, 'utf8');
    expect(Number(/VmHWM:\s*(\d+)/.exec(status)?.[1]) / 1024).toBeLessThan(MAX_RESIDENT_MB);
  });
});

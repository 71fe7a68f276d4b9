import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Program, startProgram } from '../support/program.ts';
import { HOSTILE_OPERATIONS } from './hostile-operations.ts';

const MEBIBYTE = 1024 * 1024;
/** Megabytes that an operation may add; and the caches, however many documents there are. */
const MAX_ADDED_MB = 100;

/** Megabytes that a process holds; undefined where the system does not tell. */
function residentMb(pid: number | undefined): number | undefined {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return undefined;
  return Number(/VmRSS:\s*(\d+)/.exec(readFileSync(file, 'utf8'))?.[1]) / 1024;
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

async function ask(url: string, query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  expect(text.length).toBeLessThan(40 * MEBIBYTE);
  return JSON.parse(text);
}

const USUAL = '{ runs(first: 1000) { nodes { id metadata } } }';

async function expectAlive(url: string): Promise<void> {
  expect(await ask(url, USUAL)).toEqual({ data: { runs: { nodes: expect.any(Array) } } });
}

describe.each(['on', 'off'])('With row copying %s and a heap of 512 MB', (rowCopying) => {
  let program: Program;
  let url: string;

  beforeAll(async () => {
    const env = { NODE_OPTIONS: '--max-old-space-size=512', ROW_COPYING: rowCopying };
    program = startProgram(['--port', '0'], env);
    url = await program.url;
    await expectAlive(url);
    return () => program[Symbol.asyncDispose]();
  });

  it.each(HOSTILE_OPERATIONS.map((operation) => [operation.name, operation] as const))(
    '%s: answered or refused with a code, in little memory',
    async (_name, { query, variables, codes }) => {
      const before = residentMb(program.process.pid);
      const { data, errors } = await ask(url, query, variables);
      const after = residentMb(program.process.pid);
      if (errors === undefined) expect(data).toBeTruthy();
      else for (const error of errors) expect(codes).toContain(error.extensions?.code);
      if (before !== undefined) expect(after).toBeLessThan(before + MAX_ADDED_MB);
      await expectAlive(url);
    },
  );

  it('very many documents that are large once their fragments are spread', async () => {
    const before = residentMb(program.process.pid);
    for (let n = 0; n < 400; n++) {
      const selections = Array.from({ length: 12 }, (_, m) => `a${m}: runs(first: 0) { ...P }`).join(' ');
      const fields = Array.from({ length: 80 }, (_, m) => `f${m}_${n}: status`).join(' ');
      const { errors } = await ask(
        url,
        `{ ${selections} } fragment P on RunConnection { nodes { ${fields} } }`,
      );
      expect(errors).toBeUndefined();
    }
    const after = residentMb(program.process.pid);
    if (before !== undefined) expect(after).toBeLessThan(before + MAX_ADDED_MB);
    await expectAlive(url);
  }, 60_000);
});

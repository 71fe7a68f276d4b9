import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Program, startProgram } from '../support/program.ts';
import { HOSTILE_OPERATIONS, type HostileOperation } from './hostile-operations.ts';

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

type Operation = Omit<HostileOperation, 'name' | 'codes'>;

async function ask(url: string, { query, variables, operationName, headers }: Operation): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables, operationName }),
  });
  const text = await response.text();
  expect(text.length).toBeLessThan(40 * MEBIBYTE);
  return JSON.parse(text);
}

const USUAL = '{ runs(first: 1000) { nodes { id metadata } } }';

async function expectAlive(url: string): Promise<void> {
  expect(await ask(url, { query: USUAL })).toEqual({ data: { runs: { nodes: expect.any(Array) } } });
}

describe.each(['on', 'off'])('With row copying %s and a heap of 512 MB', (rowCopying) => {
  let program: Program;
  let url: string;

  beforeAll(async () => {
    const env = {
      NODE_OPTIONS: '--max-old-space-size=512 --max-semi-space-size=16',
      ROW_COPYING: rowCopying,
    };
    program = startProgram(['--port', '0'], env);
    url = await program.url;
    await expectAlive(url);
    return () => program[Symbol.asyncDispose]();
  });

  it.each(HOSTILE_OPERATIONS.map((operation) => [operation.name, operation] as const))(
    '%s: the operation is answered or refused with a code, in little memory',
    // What operations before it have left for the collector may count as well, but hardly twice.
    { retry: 1 },
    async (_name, operation) => {
      const before = residentMb(program.process.pid);
      const { data, errors } = await ask(url, operation);
      const after = residentMb(program.process.pid);
      if (errors === undefined) expect(data).toBeTruthy();
      else for (const error of errors) expect(operation.codes).toContain(error.extensions?.code);
      if (before !== undefined) expect(after).toBeLessThan(before + MAX_ADDED_MB);
      await expectAlive(url);
    },
  );

  it('very many documents that are large once their fragments are spread fit into the caches', async () => {
    const before = residentMb(program.process.pid);
    for (let n = 0; n < 400; n++) {
      const selections = Array.from({ length: 12 }, (_, m) => `a${m}: runs(first: 0) { ...P }`).join(' ');
      const fields = Array.from({ length: 80 }, (_, m) => `f${m}_${n}: status`).join(' ');
      const { errors } = await ask(url, {
        query: `{ ${selections} } fragment P on RunConnection { nodes { ${fields} } }`,
      });
      expect(errors).toBeUndefined();
    }
    const after = residentMb(program.process.pid);
    if (before !== undefined) expect(after).toBeLessThan(before + MAX_ADDED_MB);
    await expectAlive(url);
  }, 60_000);

  it('very many invalid documents fit into the caches', async () => {
    const before = residentMb(program.process.pid);
    for (let n = 0; n < 6000; n++) {
      const { errors } = await ask(url, { query: `{ runs(first: ${n}) { nodes { id nope } } }` });
      expect(errors?.[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED');
    }
    const after = residentMb(program.process.pid);
    if (before !== undefined) expect(after).toBeLessThan(before + MAX_ADDED_MB);
  }, 60_000);

  it('very many documents of very many operations fit into the caches', async () => {
    const before = residentMb(program.process.pid);
    for (let n = 0; n < 10; n++) {
      const names = Array.from({ length: 300 }, (_, m) => `Q${n}_${m}`);
      const query = names.map((name) => `query ${name} { ...F }`).join(' ');
      const fragments = 'fragment F on Query { __typename }';
      for (const operationName of names) {
        expect(await ask(url, { query: `${query} ${fragments}`, operationName })).toHaveProperty('data');
      }
    }
    const after = residentMb(program.process.pid);
    if (before !== undefined) expect(after).toBeLessThan(before + MAX_ADDED_MB);
  }, 60_000);
});

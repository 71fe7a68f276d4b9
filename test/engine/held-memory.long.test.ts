import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createEngine, parseDocument, readRunList } from '../../src/engine/index.ts';
import { bytesOfParams } from '../../src/http/request-body.ts';
import { copyRuns } from '../../src/live/digests.ts';
import { withRows } from '../../src/live/polls/observe.ts';
import { bytesOf, readerFrom } from '../../src/live/polls/reader-state.ts';
import { latestOf } from '../../src/live/snapshots/advance.ts';
import { schemaWith } from '../../src/schema/index.ts';
import { Chunks } from '../../src/upstream/response-body.ts';

/** How far a measured size may be from the counted one. */
const FACTOR = 1.5;

setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');

/** Returns the bytes of memory that are held for each of so many things. */
async function held(count: number, make: (index: number) => unknown): Promise<number> {
  const things: unknown[] = [];
  const bytes = async (): Promise<number> => {
    // What is weakly held goes in several rounds.
    for (let round = 0; round < 4; round++) {
      gc();
      await sleep(20);
    }
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  // The first one has what all share, and what is compiled for them.
  await make(-1);
  const before = await bytes();
  for (let index = 0; index < count; index++) things.push(await make(index));
  const each = ((await bytes()) - before) / count;
  expect(things).toHaveLength(count);
  return each;
}

function repeat(count: number, text: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => text(index)).join(' ');
}

function expectNear(measured: number, counted: number): void {
  expect(measured).toBeLessThan(counted * FACTOR);
  expect(measured).toBeGreaterThan(counted / FACTOR);
}

describe('The counted size is the measured one', () => {
  const schema = schemaWith({ readOnly: false, agents: 'full' });
  const prepare = (text: string) =>
    createEngine({ schema, copiesRows: true, maxCost: 1e9, maxResponseBytes: 1e6 }).prepare(
      parseDocument(text),
      undefined,
      {},
    );

  it.for<[shape: string, selections: string]>([
    ['a usual document', 'runEvents { kind cursor run { id status agentId createdAt stopReason metadata } }'],
    ['many aliases', `runEvents { ${repeat(1_600, (n) => `a${n}: runId`)} }`],
    ['repeated fields', `runEvents { ${repeat(4_800, () => 'kind')} }`],
    ['rows of many fields', `runEvents { run { ${repeat(1_600, (n) => `a${n}: status`)} } }`],
  ])('of a stream with %s', async ([, selections]) => {
    const text = (index: number) => `subscription S${index + 1} { ${selections} }`;
    const measured = await held(50, (index) => prepare(text(index)).execute);
    expectNear(measured, prepare(text(0)).bytes);
  });

  it('of variables with many objects', async () => {
    const text = `[${repeat(5_000, () => '{}').replaceAll(' ', ',')}]`;
    expectNear(await held(50, () => JSON.parse(text)), bytesOfParams(text.length, undefined));
  });

  it('of a body in pieces of one byte', async () => {
    const length = 100_000;
    const measured = await held(20, () => {
      const chunks = new Chunks();
      for (let byte = 0; byte < length; byte++) chunks.add(Buffer.from([byte]));
      return chunks;
    });
    expectNear(measured, length);
  });

  it('of a poller with a thousand runs, and of a reader that has not read them yet', async () => {
    const rows = Array.from({ length: 1_000 }, (_, number) => ({
      id: `run-00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
      agent_id: 'agent-00000000-0000-4000-8000-000000000001',
      created_at: new Date(number).toISOString(),
      status: 'running',
      metadata: { text: 'x'.repeat(100) },
    }));
    const body = Buffer.from(JSON.stringify(rows));
    const poll = async () => {
      const found = await copyRuns([...readRunList(Buffer.from(body)).page]);
      const fresh = { key: '', id: '' };
      const observation = withRows(found, { floor: null, isFull: true, fresh, watchedFrom: null });
      const findings = { ...observation, ended: new Map(), isShown: () => true };
      return { findings, latest: latestOf(findings, new Map(), () => false) };
    };
    const idle = async () => ({ snapshot: (await poll()).latest, batch: undefined });
    expectNear(await held(20, idle), bytesOf(await idle()));
    const behind = async () => {
      const { findings, latest } = await poll();
      const start = { watermark: null, floor: null, fingerprints: new Map() };
      const { batch } = readerFrom(start, latest, findings, 'key') ?? {};
      return { snapshot: latest, batch };
    };
    expectNear(await held(20, behind), bytesOf(await behind()));
  });
});

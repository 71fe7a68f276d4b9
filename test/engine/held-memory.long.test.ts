import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createEngine, parseDocument, readRunList } from '../../src/engine/index.ts';
import { bytesOfParams } from '../../src/http/request-body.ts';
import { bytesOfJson } from '../../src/json/json-size.ts';
import { parseJson } from '../../src/json/parse-json.ts';
import { copyRuns } from '../../src/live/digests.ts';
import { withRows } from '../../src/live/polls/observe.ts';
import { bytesOf, readerFrom } from '../../src/live/polls/reader-state.ts';
import { latestOf } from '../../src/live/snapshots/advance.ts';
import { schemaWith } from '../../src/schema/index.ts';
import { Chunks } from '../../src/upstream/body-chunks.ts';
import { decodeMessages } from '../../src/upstream/letta/decode/decode-messages.ts';
import { parseBody } from '../../src/upstream/letta/decode/parse-body.ts';
import { runId } from '../support/ids.ts';

/** How far a measured size may be from the counted one. */
const FACTOR = 1.5;

setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');

/** Returns the bytes of memory that are held for each of so many things. */
async function held(count: number, make: (index: number) => unknown): Promise<number> {
  const things: unknown[] = [];
  const bytes = async (): Promise<number> => {
    // What is weakly held, and what other tests have left, goes in several rounds.
    let [last, now] = [Infinity, 0];
    for (let round = 0; round < 4 || (round < 50 && last - now > 1_000); round++) {
      gc();
      await sleep(20);
      const { heapUsed, external } = process.memoryUsage();
      [last, now] = [now, heapUsed + external];
    }
    return now;
  };
  const more = async (): Promise<number> => {
    for (let index = 0; index < count; index++) things.push(await make(things.length));
    return bytes();
  };
  // The first ones have what all share, and what is compiled for them, and what other tests have left is gone by then.
  const before = await more();
  const each = ((await more()) - before) / count;
  expect(things).toHaveLength(2 * count);
  return each;
}

function repeat(count: number, text: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => text(index)).join(' ');
}

/** Returns ten keys in an order of so many. */
function inOrder(number: number): readonly string[] {
  const rank = (key: string): number => (Math.sin(number * key.charCodeAt(0)) * 10_000) % 1;
  return 'abcdefghij'.split('').toSorted((a, b) => rank(a) - rank(b));
}

function expectNear(measured: number, counted: number): void {
  expect(measured).toBeLessThan(counted * FACTOR);
  expect(measured).toBeGreaterThan(counted / FACTOR);
}

describe('The counted size is the measured one', () => {
  const schema = schemaWith({ readOnly: false, agents: 'full' });
  const prepare = (text: string) =>
    createEngine({ schema, rowCopying: true, maxCost: 1e9, maxResponseBytes: 1e6 }).prepare(
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
    // Each list has runs of its own.
    const rowsOf = (list: number) =>
      Array.from({ length: 1_000 }, (_, number) => ({
        id: runId(list * 1_000 + number),
        agent_id: 'agent-00000000-0000-4000-8000-000000000001',
        created_at: new Date(number).toISOString(),
        status: 'running',
        metadata: { text: 'x'.repeat(100) },
      }));
    const poll = async (list: number) => {
      const body = Buffer.from(JSON.stringify(rowsOf(list)));
      const found = await copyRuns([...readRunList(body).rows], () => undefined);
      const livelyFrom = { key: '', id: '' };
      const observation = withRows(found, {
        completeFrom: null,
        isFull: true,
        livelyFrom,
        watchedFrom: null,
      });
      const findings = { ...observation, ended: new Map(), isShown: () => true };
      return { findings, latest: latestOf(findings, new Map(), () => false) };
    };
    const idle = async (list: number) => ({ snapshot: (await poll(list)).latest, batch: undefined });
    expectNear(await held(20, idle), bytesOf(await idle(0)));
    const behind = async (list: number) => {
      const { findings, latest } = await poll(list);
      const start = { watermark: null, watchedFrom: null, fingerprints: new Map() };
      const { batch } = readerFrom(start, latest, findings, 'key') ?? {};
      return { snapshot: latest, batch };
    };
    expectNear(await held(20, behind), bytesOf(await behind(0)));
  });

  it.for<[shape: string, json: (n: number) => string]>([
    ['objects', () => '{}'],
    ['lists', () => '[]'],
    ['lists of one', () => '[[1]]'],
    ['integers', () => '1'],
    ['doubles', () => '{"a":0.5}'],
    ['strings', (n) => `"s${n}"`],
    ['equal strings', () => '"running"'],
    ['longer strings', (n) => `"the string with the number ${n}"`],
    ['equal keys', (n) => `{"id":${n},"name":null,"isLast":false,"next":{"id":1}}`],
    ['distinct keys', (n) => `{"k${n}":1}`],
    [
      'keys in any order',
      (n) =>
        `{${inOrder(n)
          .map((key) => `"${key}":1`)
          .join()}}`,
    ],
    ['keys that are indexes', () => '{"999":1}'],
    ['long integers', (n) => `90071992547${40993 + n}`],
  ])('of JSON with many %s', async ([, json]) => {
    const text = (from: number) => `[${Array.from({ length: 20_000 }, (_, n) => json(from + n)).join()}]`;
    const measured = await held(5, (index) => parseJson(text((index + 1) * 20_000)));
    expectNear(measured, bytesOfJson(Buffer.from(text(0))));
  });

  it('of messages with many parts', async () => {
    const content = Array.from({ length: 20_000 }, () => ({}));
    const text = JSON.stringify([{ id: 'message-1', message_type: 'user_message', content }]);
    const decode = () => decodeMessages(JSON.parse(text), 'run-1');
    expect(await held(5, decode)).toBeLessThan(parseBody(Buffer.from(text), undefined, 400).bytes);
  });
});

import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { Pool } from 'undici';
import { type Ask, askOnce, disposable } from './load.ts';
import { askForGeneratedList, askForPage, askForRest } from './operation.ts';
import { assertEqualRows, normalRows } from './rows.ts';
import { type Service, startContender, startGateway } from './service.ts';

/** What the figures of the others are told beside. */
export const BASELINE = 'hand-written';
export const GATEWAY = 'gateway';

interface Contender {
  readonly name: string;
  readonly start: (upstreamUrl: string) => Promise<Service>;
  /** For a page of so many rows. */
  readonly ask: (rows: number) => Ask;
  /** Whether its rows can be compared with those of the others. */
  readonly hasFields: boolean;
}

export const CONTENDERS: readonly Contender[] = [
  { ...own('pass-through', askForRest), hasFields: false },
  own(BASELINE, askForPage),
  { name: GATEWAY, start: (url) => startGateway(url), ask: (rows) => askForPage(rows), hasFields: true },
  compressing('gzip'),
  compressing('zstd'),
  own('yoga-pothos', askForPage),
  own('apollo-rest', askForPage),
  own('mercurius', askForPage),
  own('hive', askForGeneratedList),
];

/** The gateway for clients that accept an encoding. */
function compressing(encoding: 'gzip' | 'zstd'): Contender {
  const start = (url: string) => startGateway(url, [], { COMPRESSION: 'on' });
  const ask = (rows: number): Ask => ({ ...askForPage(rows), encoding });
  return { name: `${GATEWAY}-${encoding}`, start, ask, hasFields: true };
}

function decoded(answer: ArrayBuffer, encoding: Ask['encoding']): Buffer {
  if (encoding === undefined) return Buffer.from(answer);
  return encoding === 'gzip' ? gunzipSync(answer) : zstdDecompressSync(answer);
}

function own(name: string, ask: (rows: number) => Ask): Contender {
  return {
    name,
    start: (upstreamUrl) => startContender(name, upstreamUrl),
    ask: (rows) => ask(rows),
    hasFields: true,
  };
}

/** @throws Error for a name that none of them has */
export function contendersNamed(names: readonly string[]): readonly Contender[] {
  for (const name of names) {
    if (CONTENDERS.every((contender) => contender.name !== name)) {
      throw new Error(`No contender is called ${name}: ${CONTENDERS.map((each) => each.name).join(', ')}`);
    }
  }
  return CONTENDERS.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** A contender at work. */
export interface Runner extends Contender {
  readonly service: Service;
  /** What each answer of the measurement must measure. */
  readonly bytes: number;
}

/**
 * Asks each of them once, and compares the rows field by field with those of the first.
 *
 * @throws Error if they differ, or are not as many as asked for
 */
export async function checkAnswers(
  started: readonly (Contender & { service: Service })[],
  rows: number,
): Promise<readonly Runner[]> {
  const checked: Runner[] = [];
  let expected: ReturnType<typeof normalRows> | undefined;
  for (const each of started) {
    await using pool = disposable(new Pool(each.service.url));
    // The second answer: the first may be made differently, before anything is compiled.
    await askOnce(pool.value, each.ask(rows));
    const answer = await askOnce(pool.value, each.ask(rows));
    if (each.hasFields) {
      const text = decoded(answer, each.ask(rows).encoding);
      const actual = normalRows(JSON.parse(text.toString()));
      if (actual.length !== rows) throw new Error(`${each.name}: ${actual.length} rows of ${rows}`);
      expected ??= actual;
      assertEqualRows(each.name, actual, expected);
    }
    checked.push({ ...each, bytes: answer.byteLength });
  }
  return checked;
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../embedded-api/samples/random.ts';
import type { Answer } from './answer.ts';
import type { HangUp, HttpAnswer, HttpClient } from './http-client.ts';
import type { SoakOperation } from './operations.ts';
import type { Tally } from './tally.ts';

export interface LoadOptions {
  readonly client: HttpClient;
  readonly nextOperation: () => SoakOperation;
  readonly random: Random;
  readonly tally: Tally;
  readonly documentedCodes: ReadonlySet<string>;
  /** Queries a second. */
  readonly rate: number;
  readonly durationMs: number;
  /** Ends the load early when it says no. */
  readonly goesOn: () => boolean;
}

/** Queries under way at once; beyond, the load waits instead of piling up. */
const MAX_UNDER_WAY = 500;
/** Milliseconds between two looks at what is due. */
const TICK_MS = 10;
/** Milliseconds that the last answers get. */
const LAST_ANSWERS_MS = 30_000;
/** Share of the clients that leave before they have their answer. */
const HANG_UPS = 0.03;

/** Asks steadily, whether or not answers come, and checks every answer. */
export async function runLoad(options: LoadOptions): Promise<void> {
  const { tally, rate, durationMs, goesOn } = options;
  const underWay = new Set<Promise<void>>();
  const start = performance.now();
  for (let elapsed = 0; elapsed < durationMs && goesOn(); elapsed = performance.now() - start) {
    const due = Math.floor((elapsed / 1000) * rate) - tally.queries - tally.skipped;
    for (let i = 0; i < due; i++) {
      if (underWay.size >= MAX_UNDER_WAY) {
        tally.skipped++;
        continue;
      }
      const one = askOnce(options).finally(() => underWay.delete(one));
      underWay.add(one);
    }
    await sleep(TICK_MS);
  }
  await Promise.race([Promise.all(underWay), sleep(LAST_ANSWERS_MS, undefined, { ref: false })]);
  if (underWay.size > 0) tally.problem(`${underWay.size} queries were never answered`);
}

async function askOnce({
  client,
  nextOperation,
  random,
  tally,
  documentedCodes,
}: LoadOptions): Promise<void> {
  const operation = nextOperation();
  const hangUp: HangUp | null = random.chance(HANG_UPS)
    ? { afterMs: random.between(0, 40), withinRequest: random.chance(0.3) }
    : null;
  const start = performance.now();
  tally.queries++;
  try {
    const answer = await client.postQuery(operation.query, hangUp);
    if (answer === undefined) {
      tally.hangUps++;
      return;
    }
    tally.took(performance.now() - start);
    for (const problem of problemsOf(answer, operation, tally, documentedCodes)) {
      tally.problem(`${problem}\n  query: ${operation.query}`);
    }
  } catch (error) {
    tally.problem(`${String(error)}\n  query: ${operation.query}`);
  }
}

function problemsOf(
  { status, contentType, body }: HttpAnswer,
  operation: SoakOperation,
  tally: Tally,
  documentedCodes: ReadonlySet<string>,
): readonly string[] {
  if (status !== 200 || !contentType.startsWith('application/json')) {
    return [`expected JSON with status 200, but got ${status} ${contentType}: ${body.slice(0, 200)}`];
  }
  const answer = parse(body);
  if (answer === null) return [`expected JSON, but got: ${body.slice(0, 200)}`];
  if (Object.values(answer.data ?? {}).some((value) => value !== null)) tally.withData++;
  const problems = [...operation.problemsOf(answer)];
  for (const { message, extensions } of answer.errors ?? []) {
    const code = String(extensions?.code);
    tally.count(code);
    if (!documentedCodes.has(code)) problems.push(`${code} is not documented`);
    if (typeof message !== 'string' || message === '') problems.push('an error without a message');
  }
  return problems;
}

function parse(body: string): Answer | null {
  try {
    const answer: Answer = JSON.parse(body);
    return answer;
  } catch {
    return null;
  }
}

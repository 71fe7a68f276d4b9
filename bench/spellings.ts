import { Pool } from 'undici';
import { circumstances, figure, median, print, table, tell } from './harness/figures.ts';
import { askOnce, disposable } from './harness/load.ts';
import { cpuPerRequest, inTurn, ratiosOf } from './harness/measure.ts';
import { askForPage } from './harness/operation.ts';
import { readOptions, ROUNDS } from './harness/options.ts';
import { assertEqualRows, normalRows } from './harness/rows.ts';
import { startGateway, startUpstream } from './harness/service.ts';
import { SPELLINGS } from './harness/spellings.ts';

/**
 * The same page of runs as upstreams may spell it, in one gateway; the spellings take turns in every
 * round. Linux only.
 */
const { options } = readOptions({ ...ROUNDS, rows: 100, rounds: 20, seconds: 0.5, 'warm-up': 2 });
const { rows, rounds, seconds, 'warm-up': warmUp, connections } = options;

await using upstream = await startUpstream();
await using gateway = await startGateway(upstream.url);
const ask = askForPage(rows);
const cells = SPELLINGS.map(({ name }) => ({ name, cpuMs: [] as number[] }));
const bytes = new Map<string, number>();
let expected: ReturnType<typeof normalRows> | undefined;
for (const { name } of cells) {
  await changeSpelling(name);
  await using pool = disposable(new Pool(gateway.url));
  const answer = await askOnce(pool.value, ask);
  const rowsOf = normalRows(JSON.parse(Buffer.from(answer).toString()));
  // One of them leaves it out.
  const actual = rowsOf.map(({ conversationId: _, ...row }) => row);
  expected ??= actual;
  assertEqualRows(name, actual, expected);
  bytes.set(name, answer.byteLength);
  await load(name, warmUp);
}
for (let round = 0; round < rounds; round++) {
  tell(`round ${round + 1} of ${rounds}`);
  for (const cell of inTurn(cells, round)) cell.cpuMs.push(await load(cell.name, seconds));
}
print(
  `${circumstances()}; pages of ${rows} runs, ${connections} connections, ${rounds} rounds of ${seconds} s each after ${warmUp} s to warm up; CPU ms per request`,
  '',
  table(
    ['', 'CPU ms', 'to canonical'],
    cells.map(({ name, cpuMs: own }) => [
      name,
      figure(median(own)),
      figure(median(ratiosOf(own, cells[0]?.cpuMs ?? []))),
    ]),
  ),
);

async function changeSpelling(name: string): Promise<void> {
  await fetch(`${upstream.url}/spelling`, { method: 'PUT', body: name });
}

async function load(name: string, forSeconds: number): Promise<number> {
  await changeSpelling(name);
  return cpuPerRequest(gateway, ask, { connections, seconds: forSeconds, bytes: bytes.get(name) ?? 0 });
}

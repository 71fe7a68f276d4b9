import { deepStrictEqual } from 'node:assert';
import { SPELLING_NAMES } from './harness/json-forms.ts';
import { askForPage, checkedAnswer, rowsOf } from './harness/operations.ts';
import { figure, print } from './harness/print-figures.ts';
import { type Cell, measure, ratiosOf, readOptions, ROUNDS } from './harness/rounds.ts';
import { startGateway, startUpstream } from './harness/service.ts';

/** The same page of runs as upstreams may spell it, in one gateway. Linux only. */
const options = readOptions({ ...ROUNDS, rows: 100, 'warm-up': 2 });

await using stack = new AsyncDisposableStack();
const upstream = await startUpstream(stack);
const gateway = stack.use(await startGateway(upstream));
const ask = askForPage(options.rows);
const cells: Cell[] = [];
let expected: ReturnType<typeof rowsOf> | undefined;
for (const name of SPELLING_NAMES) {
  const prepare = async (): Promise<void> => {
    await fetch(`${upstream.url}/${encodeURIComponent(name)}`, { method: 'PUT' });
  };
  await prepare();
  const answer = await checkedAnswer(gateway, ask);
  // One spelling leaves it out.
  const rows = rowsOf(answer).map((row) => ({ ...row, conversationId: null }));
  expected ??= rows;
  deepStrictEqual(rows, expected, `spelled with ${name}, rows are answered differently`);
  cells.push({ name, service: gateway, ask, bytes: answer.byteLength, prepare, cpuMs: [] });
}
await measure(cells, options);
print(
  `pages of ${options.rows} runs, ${options.connections} connections, medians of ${options.rounds} rounds of ${options.seconds} s`,
  ['', 'CPU ms', 'to canonical'],
  cells.map((cell) => [cell.name, figure(cell.cpuMs), figure(ratiosOf(cell, cells[0]))]),
);

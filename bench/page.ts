import { deepStrictEqual } from 'node:assert';
import { askForPage, checkedAnswer, rowsOf } from './harness/operations.ts';
import { figure, print, quartiles } from './harness/print-figures.ts';
import { rssMb } from './harness/process-usage.ts';
import { type Cell, measure, ratiosOf, readOptions, ROUNDS } from './harness/rounds.ts';
import { checkOut, type Service, startContender, startGateway, startUpstream } from './harness/service.ts';

/**
 * What a page of runs costs in the gateway, beside what one would write or install instead, or beside the gateway at
 * another commit. Each is a process of its own over the same upstream. Linux only.
 */
const options = readOptions({ ...ROUNDS, rows: '10,100,1000', against: '' });
const { against, rounds, seconds, connections } = options;

await using stack = new AsyncDisposableStack();
const upstream = await startUpstream(stack);
const other = against === '' ? undefined : checkOut(against);
const compared: readonly string[] =
  other === undefined ? ['hand-written', 'gateway', 'mercurius', 'yoga-pothos'] : [against, 'gateway'];

function start(name: string): Promise<Service> {
  if (name === 'gateway') return startGateway(upstream);
  return other === undefined ? startContender(name, upstream) : startGateway(upstream, other);
}

for (const rows of options.rows.split(',').map(Number)) {
  // Fresh processes for each size: memory and compiled code are this size's.
  await using started = new AsyncDisposableStack();
  const ask = askForPage(rows);
  const cells: Cell[] = [];
  let expected: ReturnType<typeof rowsOf> | undefined;
  for (const name of compared) {
    const service = started.use(await start(name));
    const answer = await checkedAnswer(service, ask);
    expected ??= rowsOf(answer);
    deepStrictEqual(rowsOf(answer), expected, `${name} answers with other rows than ${compared[0]}`);
    cells.push({ name, service, ask, bytes: answer.byteLength, cpuMs: [] });
  }
  await measure(cells, options);
  print(
    `pages of ${rows} runs, ${connections} connections, medians of ${rounds} rounds of ${seconds} s; CPU time of all threads`,
    ['', 'CPU ms', 'to the first', 'half of the rounds', 'memory, MB'],
    cells.map((cell) => {
      const ratios = ratiosOf(cell, cells[0]);
      const [low, , high] = quartiles(ratios);
      const half = `${figure([low])} to ${figure([high])}`;
      return [cell.name, figure(cell.cpuMs), figure(ratios), half, figure([rssMb(cell.service)])];
    }),
  );
}

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
const options = readOptions({ ...ROUNDS, rows: '10,100,1000', starts: 1, against: '' });
const { against, starts, rounds, seconds, connections } = options;

/** Without a line for each operation, as those that it is compared with. */
const QUIET = 'gateway with LOG_LEVEL=warn';

await using stack = new AsyncDisposableStack();
const upstream = await startUpstream(stack);
const other = against === '' ? undefined : checkOut(against);
const compared: readonly string[] =
  other === undefined ? ['hand-written', 'gateway', QUIET, 'mercurius', 'yoga-pothos'] : [against, 'gateway'];

function start(name: string): Promise<Service> {
  if (name === 'gateway') return startGateway(upstream);
  if (name === QUIET) return startGateway(upstream, { LOG_LEVEL: 'warn' });
  return other === undefined ? startContender(name, upstream) : startGateway(upstream, {}, other);
}

for (const rows of options.rows.split(',').map(Number)) {
  const figures = compared.map((name) => ({ name, cpuMs: [] as number[], memory: [] as number[] }));
  for (let time = 0; time < starts; time++) {
    // Fresh processes for each size: memory and compiled code are this size's.
    await using started = new AsyncDisposableStack();
    const ask = askForPage(rows);
    const cells: Cell[] = [];
    let expected: ReturnType<typeof rowsOf> | undefined;
    for (const { name, cpuMs } of figures) {
      const service = started.use(await start(name));
      const answer = await checkedAnswer(service, ask);
      expected ??= rowsOf(answer);
      deepStrictEqual(rowsOf(answer), expected, `${name} answers with other rows than ${compared[0]}`);
      cells.push({ name, service, ask, bytes: answer.byteLength, cpuMs });
    }
    await measure(cells, options);
    for (const [index, { service }] of cells.entries()) figures[index]?.memory.push(rssMb(service));
  }
  print(
    `pages of ${rows} runs, ${connections} connections, medians of ${starts * rounds} rounds of ${seconds} s in ${starts} processes each; CPU time of all threads`,
    ['', 'CPU ms', 'to the first', 'half of the rounds', 'memory, MB'],
    figures.map((one) => {
      const ratios = ratiosOf(one, figures[0]);
      const [low, , high] = quartiles(ratios);
      const half = `${figure([low])} to ${figure([high])}`;
      return [one.name, figure(one.cpuMs), figure(ratios), half, figure(one.memory)];
    }),
  );
}

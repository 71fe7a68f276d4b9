import { BASELINE, checkAnswers, contendersNamed, GATEWAY, type Runner } from './harness/contenders.ts';
import { circumstances, figure, median, print, table, tell } from './harness/figures.ts';
import { runLoad } from './harness/load.ts';
import { inTurn, ratiosOf } from './harness/measure.ts';
import { readOptions, ROUNDS } from './harness/options.ts';
import { startUpstream } from './harness/service.ts';
import { cpuMs, rssMb } from './harness/usage.ts';

/**
 * What a page of runs costs in the gateway, and in what one would write or install instead. Rounds
 * that alternate all of them, each in a process of its own, over the same upstream. Linux only.
 */
const { options } = readOptions({ ...ROUNDS, rows: '10,100,1000', 'warm-up': 10, only: '' });
// V8 compiles for some seconds, the more code there is the longer.
const { rounds, seconds, 'warm-up': warmUp, connections } = options;
const contenders = contendersNamed(options.only.split(',').filter((name) => name !== ''));

interface Slot {
  readonly cpuMs: number;
  readonly perSecond: number;
  readonly p50Ms: number;
}

await using upstream = await startUpstream();
print(
  `${circumstances()}; ${connections} connections, ${rounds} rounds of ${seconds} s each after ${warmUp} s to warm up`,
);
for (const rows of options.rows.split(',').map(Number)) {
  // Fresh processes for each size, so that their memory is this size's.
  await using stack = new AsyncDisposableStack();
  const started = [];
  for (const each of contenders) {
    started.push({ ...each, service: stack.use(await each.start(upstream.url)) });
  }
  const runners = await checkAnswers(started, rows);
  const slots = await measure(runners, rows);
  print('', `### ${rows} runs a page`, '', resultTable(runners, slots));
}

async function measure(runners: readonly Runner[], rows: number): Promise<Map<string, Slot[]>> {
  const slots = new Map<string, Slot[]>(runners.map(({ name }) => [name, []]));
  for (const runner of runners) await slot(runner, rows, warmUp);
  for (let round = 0; round < rounds; round++) {
    tell(`${rows} rows, round ${round + 1} of ${rounds}`);
    for (const runner of inTurn(runners, round)) {
      slots.get(runner.name)?.push(await slot(runner, rows, seconds));
    }
  }
  return slots;
}

async function slot({ ask, service, bytes }: Runner, rows: number, forSeconds: number): Promise<Slot> {
  const before = cpuMs(service.pid);
  const load = await runLoad(service.url, ask(rows), { connections, seconds: forSeconds, bytes });
  return {
    cpuMs: (cpuMs(service.pid) - before) / load.requests,
    perSecond: load.perSecond,
    p50Ms: load.p50Ms,
  };
}

function resultTable(runners: readonly Runner[], slots: Map<string, Slot[]>): string {
  const cpuOf = (name: string): readonly number[] | undefined => slots.get(name)?.map((each) => each.cpuMs);
  const head = ['', 'CPU ms', `/ ${BASELINE}`, `${GATEWAY} / it`, 'requests/s', 'p50 ms', 'RSS MB'];
  const lines = runners.map(({ name, service }) => {
    const own = slots.get(name) ?? [];
    return [
      name,
      figure(median(own.map((each) => each.cpuMs))),
      figure(medianRatio(cpuOf(name), cpuOf(BASELINE))),
      figure(medianRatio(cpuOf(GATEWAY), cpuOf(name))),
      figure(median(own.map((each) => each.perSecond))),
      figure(median(own.map((each) => each.p50Ms))),
      figure(rssMb(service.pid)),
    ];
  });
  return table(head, lines);
}

function medianRatio(numbers?: readonly number[], others?: readonly number[]): number | undefined {
  if (numbers === undefined || others === undefined) return undefined;
  return median(ratiosOf(numbers, others));
}

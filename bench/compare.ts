import { parseArgs } from 'node:util';
import { BASELINE, checkAnswers, contendersNamed, GATEWAY, type Runner } from './harness/contenders.ts';
import { circumstances, figure, median, print, table, tell } from './harness/figures.ts';
import { runLoad } from './harness/load.ts';
import { startUpstream } from './harness/service.ts';
import { cpuMs, rssMb } from './harness/usage.ts';

/**
 * What a page of runs costs in the gateway, and in what one would write or install instead. Rounds
 * that alternate all of them, each in a process of its own, over the same upstream. Linux only.
 */
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10,100,1000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    /** Seconds before the rounds: V8 compiles for some, the more code there is the longer. */
    'warm-up': { type: 'string', default: '10' },
    connections: { type: 'string', default: '8' },
    only: { type: 'string', default: '' },
  },
});
const [rounds, seconds, warmUp, connections] = [
  Number(values.rounds),
  Number(values.seconds),
  Number(values['warm-up']),
  Number(values.connections),
];
const contenders = contendersNamed(values.only.split(',').filter((name) => name !== ''));

interface Slot {
  readonly cpuMs: number;
  readonly perSecond: number;
  readonly p50Ms: number;
}

await using upstream = await startUpstream();
print(
  `${circumstances()}; ${connections} connections, ${rounds} rounds of ${seconds} s each after ${warmUp} s to warm up`,
);
for (const rows of values.rows.split(',').map(Number)) {
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
    // Each round starts with another one.
    const first = round % runners.length;
    for (const runner of [...runners.slice(first), ...runners.slice(0, first)]) {
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

/** Of the ratios within each round, as the machine is as busy for both. */
function medianRatio(numbers?: readonly number[], others?: readonly number[]): number | undefined {
  if (numbers === undefined || others === undefined) return undefined;
  return median(numbers.map((value, round) => value / (others[round] ?? Number.NaN)));
}

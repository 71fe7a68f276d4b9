import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { contendersNamed, GATEWAY } from './harness/contenders.ts';
import { circumstances, figure, median, print, table, tell } from './harness/figures.ts';
import { askOnce, disposable, runLoad } from './harness/load.ts';
import { type Service, startUpstream } from './harness/service.ts';
import { type Shape, shapesOf } from './harness/shapes.ts';
import { cpuMs } from './harness/usage.ts';

/**
 * The same page of runs in operations of different shapes, in the gateway and in two others, each a
 * process of its own; shapes and processes take turns in every round. Linux only.
 */
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    'warm-up': { type: 'string', default: '4' },
    connections: { type: 'string', default: '8' },
    only: { type: 'string', default: `${GATEWAY},yoga-pothos,mercurius` },
  },
});
const [rows, rounds, seconds, warmUp, connections] = [
  Number(values.rows),
  Number(values.rounds),
  Number(values.seconds),
  Number(values['warm-up']),
  Number(values.connections),
];

interface Cell {
  readonly contender: string;
  readonly service: Service;
  readonly shape: Shape;
  readonly bytes: number;
  /** CPU milliseconds of a request, by rounds. */
  readonly cpuMs: number[];
}

await using upstream = await startUpstream();
await using stack = new AsyncDisposableStack();
const shapes = shapesOf(rows, await runIds(100), (await agents()).slice(0, 20));
const cells: Cell[] = [];
for (const contender of contendersNamed(values.only.split(','))) {
  const service = stack.use(await contender.start(upstream.url));
  for (const shape of shapes.filter(({ isCommon }) => isCommon || contender.name === GATEWAY)) {
    cells.push({
      contender: contender.name,
      service,
      shape,
      bytes: await checkedBytes(contender.name, service, shape),
      cpuMs: [],
    });
  }
}
for (const cell of cells) await load(cell, warmUp);
for (let round = 0; round < rounds; round++) {
  tell(`round ${round + 1} of ${rounds}`);
  const first = round % cells.length;
  for (const cell of [...cells.slice(first), ...cells.slice(0, first)]) {
    cell.cpuMs.push(await load(cell, seconds));
  }
}
print(
  `${circumstances()}; pages of ${rows} runs, ${connections} connections, ${rounds} rounds of ${seconds} s each after ${warmUp} s to warm up; CPU ms per request`,
  '',
  resultTable(),
);

function resultTable(): string {
  const others = [...new Set(cells.map(({ contender }) => contender))].filter((name) => name !== GATEWAY);
  const head = ['', 'gateway', '/ plain, per page', ...others.flatMap((name) => [name, `gateway / ${name}`])];
  const plain = cellOf(GATEWAY, 'plain');
  const lines = shapes.map((shape) => {
    const own = cellOf(GATEWAY, shape.name);
    return [
      shape.name,
      figure(median(own?.cpuMs ?? [])),
      shape.isCommon ? figure(medianRatio(own, plain, shape.pages)) : '–',
      ...others.flatMap((name) => {
        const other = cellOf(name, shape.name);
        return [figure(median(other?.cpuMs ?? [])), figure(medianRatio(own, other))];
      }),
    ];
  });
  return table(head, lines);
}

function cellOf(contender: string, shape: string): Cell | undefined {
  return cells.find((cell) => cell.contender === contender && cell.shape.name === shape);
}

/** Of the ratios within each round, as the machine is as busy for both. */
function medianRatio(one: Cell | undefined, other: Cell | undefined, times = 1): number | undefined {
  if (one === undefined || other === undefined) return undefined;
  return median(one.cpuMs.map((value, round) => value / (other.cpuMs[round] ?? Number.NaN) / times));
}

async function load({ service, shape, bytes }: Cell, forSeconds: number): Promise<number> {
  const before = cpuMs(service.pid);
  const { requests } = await runLoad(service.url, shape.ask, { connections, seconds: forSeconds, bytes });
  return (cpuMs(service.pid) - before) / requests;
}

/** @throws Error for an answer with errors, or without data */
async function checkedBytes(contender: string, service: Service, { name, ask }: Shape): Promise<number> {
  await using pool = disposable(new Pool(service.url));
  await askOnce(pool.value, ask);
  const answer = Buffer.from(await askOnce(pool.value, ask));
  const { data, errors }: { data?: object | null; errors?: unknown } = JSON.parse(answer.toString());
  if (errors !== undefined || !data) {
    throw new Error(`${contender}, ${name}: ${answer.toString().slice(0, 500)}`);
  }
  return answer.byteLength;
}

async function runIds(count: number): Promise<string[]> {
  const runs: { id: string }[] = await (await fetch(`${upstream.url}/v1/runs/?limit=${count}`)).json();
  return runs.map(({ id }) => id);
}

async function agents(): Promise<string[]> {
  return (await fetch(`${upstream.url}/agents`)).json();
}

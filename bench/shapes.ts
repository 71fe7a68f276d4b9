import { Pool } from 'undici';
import { contendersNamed, GATEWAY } from './harness/contenders.ts';
import { circumstances, figure, median, print, table, tell } from './harness/figures.ts';
import { askOnce, disposable } from './harness/load.ts';
import { cpuPerRequest, inTurn, ratiosOf } from './harness/measure.ts';
import { readOptions, ROUNDS } from './harness/options.ts';
import { type Service, startUpstream } from './harness/service.ts';
import { type Shape, shapesOf } from './harness/shapes.ts';

/**
 * The same page of runs in operations of different shapes, in the gateway and in two others, each a
 * process of its own; shapes and processes take turns in every round. Linux only.
 */
const { options } = readOptions({
  ...ROUNDS,
  rows: 100,
  seconds: 2,
  'warm-up': 4,
  only: `${GATEWAY},yoga-pothos,mercurius`,
});
const { rows, rounds, seconds, 'warm-up': warmUp, connections } = options;

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
for (const contender of contendersNamed(options.only.split(','))) {
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
  for (const cell of inTurn(cells, round)) cell.cpuMs.push(await load(cell, seconds));
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

function medianRatio(one: Cell | undefined, other: Cell | undefined, times = 1): number | undefined {
  if (one === undefined || other === undefined) return undefined;
  return median(ratiosOf(one.cpuMs, other.cpuMs)) / times;
}

function load({ service, shape, bytes }: Cell, forSeconds: number): Promise<number> {
  return cpuPerRequest(service, shape.ask, { connections, seconds: forSeconds, bytes });
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

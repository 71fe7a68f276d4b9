import process from 'node:process';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { type Ask, askOnce } from './operations.ts';
import { cpuMs } from './process-usage.ts';
import type { Service } from './service.ts';

/**
 * What all measurements in rounds can be told; times in seconds. V8 goes on compiling for about 15 s under load, and what
 * one process takes on a shared machine differs by half from second to second: so many short rounds after a long warm-up.
 */
export const ROUNDS = { rounds: 20, seconds: 0.5, 'warm-up': 20, connections: 8 };

/** Something to measure, and what was measured so far. */
export interface Cell {
  readonly name: string;
  readonly service: Service;
  readonly ask: Ask;
  /** Of each answer: it was checked once, and doesn't change. */
  readonly bytes: number;
  /** CPU milliseconds of a request, by rounds. */
  readonly cpuMs: number[];
}

/**
 * Reads the options of a benchmark from the command line, such as `--rows 100`.
 *
 * @throws Error for an option that it doesn't have, and for a text where the default is a number
 */
export function readOptions<Defaults extends Readonly<Record<string, number | string>>>(
  defaults: Defaults,
): { [Name in keyof Defaults]: Defaults[Name] } {
  const names = Object.keys(defaults).map((name) => [name, { type: 'string' }] as const);
  const { values } = parseArgs({ options: Object.fromEntries(names) });
  const given = Object.entries(values).map(([name, value]) => {
    if (typeof defaults[name] !== 'number') return [name, value];
    if (Number.isNaN(Number(value))) throw new Error(`--${name} is ${value}, expected a number`);
    return [name, Number(value)];
  });
  return { ...defaults, ...Object.fromEntries(given) };
}

/**
 * Measures all cells in rounds, beginning with another one each time, so that a busy machine is as busy for all, and in
 * turn backwards, as one pays for the garbage of what was before it in its process.
 */
export async function measure(
  cells: readonly Cell[],
  { rounds, seconds, connections, 'warm-up': warmUp }: typeof ROUNDS,
): Promise<void> {
  for (const cell of cells) await load(cell, warmUp, connections);
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`round ${round + 1} of ${rounds}\n`);
    const first = round % cells.length;
    const order = [...cells.slice(first), ...cells.slice(0, first)];
    for (const cell of round % 2 === 0 ? order : order.toReversed()) {
      cell.cpuMs.push(await load(cell, seconds, connections));
    }
  }
}

/** Asks on each connection again as soon as it is answered. @returns CPU milliseconds of a request */
async function load(cell: Cell, seconds: number, connections: number): Promise<number> {
  const { service, ask, bytes } = cell;
  const pool = new Pool(service.url, { connections, pipelining: 1 });
  let requests = 0;
  const [before, end] = [cpuMs(service), performance.now() + seconds * 1000];
  const loop = async (connection: number): Promise<void> => {
    while (performance.now() < end) {
      // A caller of its own for each: the gateway would make one request of equal ones of one caller.
      const answer = await askOnce(pool, ask, `caller-${connection}`);
      requests++;
      if (answer.byteLength !== bytes)
        throw new Error(`${cell.name} answered ${answer.toString().slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, connection) => loop(connection)));
  await pool.close();
  return (cpuMs(service) - before) / requests;
}

/** The ratios within each round; none without another cell. */
export function ratiosOf(one: Pick<Cell, 'cpuMs'>, other?: Pick<Cell, 'cpuMs'>): readonly number[] {
  return other === undefined
    ? []
    : one.cpuMs.map((value, round) => value / (other.cpuMs[round] ?? Number.NaN));
}

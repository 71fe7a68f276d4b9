import { type Ask, type LoadOptions, runLoad } from './load.ts';
import type { Service } from './service.ts';
import { cpuMs } from './usage.ts';

/** CPU milliseconds of a process for each request, in all of its threads. Linux only. */
export async function cpuPerRequest({ url, pid }: Service, ask: Ask, options: LoadOptions): Promise<number> {
  const before = cpuMs(pid);
  const { requests } = await runLoad(url, ask, options);
  return (cpuMs(pid) - before) / requests;
}

/** The ratios within each round, as the machine is as busy for both. */
export function ratiosOf(numbers: readonly number[], others: readonly number[]): readonly number[] {
  return numbers.map((value, round) => value / (others[round] ?? Number.NaN));
}

/** All of them, beginning with another one each time. */
export function inTurn<Item>(items: readonly Item[], round: number): readonly Item[] {
  const first = round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

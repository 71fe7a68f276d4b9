import { availableParallelism } from 'node:os';
import process from 'node:process';

/** How far apart half of the numbers lie, with the median in between. */
export function quartiles(numbers: readonly number[]): readonly [low: number, median: number, high: number] {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return [at(0.25), at(0.5), at(0.75)];
}

/** The median, with three digits that count; a dash for nothing. */
export function figure(numbers: readonly number[] = []): string {
  const [, value] = quartiles(numbers);
  if (Number.isNaN(value)) return '–';
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** Prints a Markdown table and how it was measured; all columns but the first hold figures. */
export function print(how: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const date = new Date().toISOString().slice(0, 10);
  const circumstances = `${date}, Node ${process.versions.node}, ${availableParallelism()} cores; ${how}`;
  const rule = head.map((_, index) => (index === 0 ? '---' : '--:'));
  const lines = [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  process.stdout.write(`${[circumstances, '', ...lines, ''].join('\n')}\n`);
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayProcess } from './gateway-process.ts';

/** Milliseconds between two samples. */
const EVERY_MS = 2_000;
/** What the memory of a steady program may move, beyond a tenth of it; in bytes. */
const ALLOWANCE_BYTES = 10 * 1024 * 1024;

/** Milliseconds; of a shorter time the memory is shown and not judged. */
const MIN_JUDGED_MS = 240_000;

/** Resident memory over time, and the last state of the gateway's counters. */
export interface Observations {
  readonly residentBytes: readonly number[];
  /** Bytes of JavaScript objects, garbage included. */
  readonly heapBytes: readonly number[];
  /** The sum of a counter or gauge over its labels, from the last `/metrics` that was read. */
  readonly total: (counter: string) => number;
  /** Ends the sampling. @throws Error when the gateway could not be observed */
  stop(): Promise<void>;
}

/** Samples a gateway until it is stopped. */
export function observe(gateway: GatewayProcess): Observations {
  const residentBytes: number[] = [];
  const heapBytes: number[] = [];
  const ending = new AbortController();
  let metrics = '';
  const total = (counter: string): number =>
    metrics
      .split('\n')
      .filter((line) => line.startsWith(`${counter}{`) || line.startsWith(`${counter} `))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  const sample = async (): Promise<void> => {
    residentBytes.push(gateway.residentBytes());
    metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    heapBytes.push(total('nodejs_heap_size_used_bytes'));
  };
  const sampling = (async () => {
    while (!ending.signal.aborted && gateway.isRunning()) {
      await sample();
      await sleep(EVERY_MS, undefined, { signal: ending.signal }).catch(() => undefined);
    }
    if (gateway.isRunning()) await sample();
  })();
  // Whoever stops it gets the failure.
  sampling.catch(() => undefined);
  return {
    residentBytes,
    heapBytes,
    total,
    stop() {
      ending.abort();
      return sampling;
    },
  };
}

/** Something of each third of the samples, in bytes; the first third is the warm-up. */
export function thirds(
  samples: readonly number[],
  summarize: (third: readonly number[]) => number,
): readonly [number, number, number] {
  const size = samples.length / 3;
  const third = (index: number): number =>
    summarize(samples.slice(Math.floor(index * size), Math.floor((index + 1) * size)));
  return [third(0), third(1), third(2)];
}

/**
 * Why the memory is not flat: its last third lies above the middle one; null if it is, or if the
 * samples are of a time too short to tell, in which caches still fill.
 */
export function growthProblem(samples: readonly number[]): string | null {
  if (samples.length * EVERY_MS < MIN_JUDGED_MS) return null;
  const [, middle, last] = thirds(samples, median);
  const limit = middle * 1.1 + ALLOWANCE_BYTES;
  return last <= limit ? null : `the memory is not flat: ${mebibytes(middle)}, then ${mebibytes(last)}`;
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

export function least(numbers: readonly number[]): number {
  return Math.min(...numbers);
}

import { totalmem } from 'node:os';
import process from 'node:process';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Returns the bytes that the process may use: of its heap, its container or the machine, whichever has fewest. */
export function memoryLimit(): number {
  // Without a container it is 0, or more than the machine has.
  const container = process.constrainedMemory() || Infinity;
  return Math.min(getHeapStatistics().heap_size_limit, container, totalmem());
}

/** Returns the bytes of the machine's memory that the process has, in some microseconds. */
export function residentBytes(): number {
  return process.memoryUsage.rss();
}

/**
 * Collects garbage, and gives back to the system what the allocator keeps of it, which glibc does by itself only in
 * part. Takes tens of milliseconds. Node before 26 can't ask the allocator, nor can it ask others than glibc; runtimes other
 * than Node may do nothing.
 */
export function releaseMemory(): void {
  collectGarbage ??= openCollector();
  trim ??= openTrim();
  collectGarbage();
  for (const ms of SWEEP_MS) setTimeout(trim, ms).unref();
}

/** Milliseconds in which other threads free what was garbage, on a machine that is idle, and on one that is busy. */
const SWEEP_MS = [500, 4_000];

let collectGarbage: (() => void) | undefined;
let trim: (() => void) | undefined;

function openCollector(): () => void {
  try {
    setFlagsFromString('--expose-gc');
    return runInNewContext('gc');
  } catch {
    return () => undefined;
  }
}

function openTrim(): () => void {
  try {
    const { dlopen } = process.getBuiltinModule('node:ffi');
    const { functions } = dlopen(null, { malloc_trim: { arguments: ['u64'], return: 'i32' } });
    return () => void functions.malloc_trim(0n);
  } catch {
    return () => undefined;
  }
}

import { totalmem } from 'node:os';
import process from 'node:process';
import { getHeapStatistics } from 'node:v8';

/** Returns the bytes that the process may use: of its heap, its container or the machine, whichever has fewest. */
export function memoryLimit(): number {
  // Without a container it is 0, or more than the machine has.
  const container = process.constrainedMemory() || Infinity;
  return Math.min(getHeapStatistics().heap_size_limit, container, totalmem());
}

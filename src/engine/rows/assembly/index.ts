/** The first free address in memory. */
export const freeFrom: usize = __heap_base;
export { scanRuns } from './scan';
export { writeRows } from './write';

/** Where memory is free. */
export const freeFrom: usize = __heap_base;
export { scanRuns } from './scan';
export { writeRows } from './write';

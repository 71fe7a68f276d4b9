/** The first free address in memory. */
export const freeFrom: usize = __heap_base;
export { scanRows } from './scan';
export { writeRows } from './write';

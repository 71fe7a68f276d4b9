/** Where memory is free. */
export const freeFrom: usize = __heap_base;
export { ascending, descending, differs, firstRowEnd, ROW, scanRuns } from './scan';
export { writeRows } from './write';

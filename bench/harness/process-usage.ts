import { readFileSync } from 'node:fs';
import type { Service } from './service.ts';

/** A clock tick of /proc in milliseconds, on every Linux there is. */
const TICK_MS = 10;

/** Milliseconds of CPU that a process has used so far, in all of its threads. Linux only. */
export function cpuMs({ pid }: Service): number {
  // Behind the name in brackets: utime and stime are the 12th and 13th field.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Megabytes of memory that a process holds now. Linux only. */
export function rssMb({ pid }: Service): number {
  const match = /VmRSS:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1]) / 1024;
}

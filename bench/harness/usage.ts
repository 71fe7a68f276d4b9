import { readFileSync } from 'node:fs';

/** A clock tick of /proc in milliseconds, on every Linux there is. */
const TICK_MS = 10;

/** Milliseconds of CPU that a process has used so far, in all of its threads. Linux only. */
export function cpuMs(pid: number): number {
  // Behind the name in brackets: utime and stime are the 12th and 13th field.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Megabytes of memory that a process holds now. Linux only. */
export function rssMb(pid: number): number {
  const match = /VmRSS:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1]) / 1024;
}

/** Megabytes of memory that a process has held at most. Linux only. */
export function peakRssMb(pid: number): number {
  const match = /VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1]) / 1024;
}

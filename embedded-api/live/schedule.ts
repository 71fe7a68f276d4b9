import type { Random } from '../samples/random.ts';

/** When the next run is created. All times are microseconds since the epoch. */
export interface Schedule {
  readonly next: () => number;
  /** Notes that a run was created. @param active the number of runs under way */
  readonly created: (at: number, active: number) => void;
  /** Notes that a run has ended. */
  readonly ended: (at: number, active: number) => void;
  /** Creates no run before a time. */
  readonly skipTo: (at: number) => void;
}

const SECOND = 1_000_000;
const [SHORTEST_GAP, LONGEST_GAP] = [3 * SECOND, 12 * SECOND];
const MAX_ACTIVE = 4;

/** Keeps one to four runs under way: the last one to end is followed at once, and a fifth one waits. */
export function createSchedule(random: Random, start: number): Schedule {
  let next = start;
  let floor = start;
  return {
    next: () => Math.max(next, floor),
    created(at, active) {
      next = active < MAX_ACTIVE ? at + random.between(SHORTEST_GAP, LONGEST_GAP) : Infinity;
    },
    ended(at, active) {
      if (active === 0) next = at;
      else if (next === Infinity) next = at + SECOND;
    },
    skipTo(at) {
      floor = Math.max(floor, at);
    },
  };
}

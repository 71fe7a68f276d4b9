import { MAX_LIST_ROWS } from '../runs/limits.ts';

// Polls look again at three kinds of runs only. Recent: other runs may still appear among them. Watched: the newest
// active ones. Late: they have stopped, but their duration or callback may still come.

/** Milliseconds by which a run may appear later than one that was created after it. */
export const APPEARS_WITHIN_MS = 10_000;
/** The most recent runs, and the most watched runs, of one list. */
export const MAX_RECENT = 100;
export const MAX_WATCHED = MAX_LIST_ROWS;
/** Milliseconds for which a run is late, from when it was first seen in its state. */
export const LATE_MS = 15_000;
/** All watched runs may end at once. */
export const MAX_LATE = MAX_WATCHED;
/** The most runs that a cursor names: it leaves 2 KiB of a GET of 8 KiB for all else. */
export const MAX_NAMED = 200;
/** The most rows that are read for a reader that has fallen behind. */
export const MAX_ROWS_BEHIND = 5_000;

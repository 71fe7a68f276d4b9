import { createHistogram } from 'node:perf_hooks';

/** Problems that are kept with their text; the others are only counted. */
const MAX_KEPT = 10;
const MAX_LENGTH = 1000;

/** What has happened so far, in bounded memory. */
export interface Tally {
  queries: number;
  withData: number;
  hangUps: number;
  /** Queries that were not sent, because too many were under way. */
  skipped: number;
  /** Answers by the code of each of their errors. */
  readonly byCode: Map<string, number>;
  readonly problems: string[];
  problemCount: number;
  count(code: string): void;
  problem(text: string): void;
  took(milliseconds: number): void;
  /** Milliseconds within which so many percent of the answers came. */
  percentileMs(percent: number): number;
}

export function createTally(): Tally {
  const microseconds = createHistogram();
  return {
    queries: 0,
    withData: 0,
    hangUps: 0,
    skipped: 0,
    byCode: new Map(),
    problems: [],
    problemCount: 0,
    count(code) {
      this.byCode.set(code, (this.byCode.get(code) ?? 0) + 1);
    },
    problem(text) {
      this.problemCount++;
      if (this.problems.length < MAX_KEPT) this.problems.push(text.slice(0, MAX_LENGTH));
    },
    took: (milliseconds) => microseconds.record(Math.max(1, Math.round(milliseconds * 1000))),
    percentileMs: (percent) => microseconds.percentile(percent) / 1000,
  };
}

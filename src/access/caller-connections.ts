import { Counts } from '../scheduling/counts.ts';

/** Limits the connections of each caller that have a request under way. */
export interface CallerConnections {
  /** @returns a function to call when the request is over; undefined if the caller has too many */
  begin(account: string): (() => void) | undefined;
}

export function createCallerConnections(maxPerCaller: number): CallerConnections {
  const underWay = new Counts();
  return {
    begin(account) {
      if (underWay.get(account) >= maxPerCaller) return undefined;
      underWay.add(account, 1);
      let isOver = false;
      return () => {
        if (!isOver) underWay.add(account, -1);
        isOver = true;
      };
    },
  };
}

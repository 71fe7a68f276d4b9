import { Counts } from '../scheduling/counts.ts';

/** Limits the connections of each caller that have a request under way. */
export class CallerConnections {
  readonly #maxPerCaller: number;
  readonly #underWay = new Counts();

  constructor(maxPerCaller: number) {
    this.#maxPerCaller = maxPerCaller;
  }

  /** Counts a connection until `end`. @returns false if the caller has too many */
  begin(account: string): boolean {
    if (this.#underWay.get(account) >= this.#maxPerCaller) return false;
    this.#underWay.add(account, 1);
    return true;
  }

  end(account: string): void {
    this.#underWay.add(account, -1);
  }
}

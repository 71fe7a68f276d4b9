/** The rows that one field may still read in search of runs. */
export interface ScanBudget {
  /** How many it had in the beginning. */
  readonly rows: number;
  left(): number;
  spend(rows: number): void;
}

/** The budgets of the fields of one operation. */
export interface ScanBudgets {
  open(): ScanBudget;
}

/** All fields of an operation together may read as many rows as this many of them alone. */
const MAX_SHARES = 10;

/** @param rows how many rows one field may read */
export function createScanBudgets(rows: number): ScanBudgets {
  let leftForAll = rows * MAX_SHARES;
  return {
    open() {
      let left = rows;
      return {
        rows,
        left: () => Math.min(left, leftForAll),
        spend(spent) {
          left -= spent;
          leftForAll -= spent;
        },
      };
    },
  };
}

/** The rows that one field may still read in search of runs. */
export interface ScanBudget {
  /** What is left of them for the field, whatever others have read. */
  own(): number;
  /** What is left for the field, and for all fields together. */
  left(): number;
  /** Takes rows before they are requested, since fields read at once; fewer than 0 gives some back. */
  spend(rows: number): void;
}

/** The budgets of the fields of one operation. */
export interface ScanBudgets {
  /** How many rows one field may read, if it is alone. */
  readonly rows: number;
  open(): ScanBudget;
}

/**
 * All fields of an operation together may read as many rows as this many of them alone, besides the
 * first request of each.
 */
const MAX_SHARES = 10;

/** @param rows how many rows one field may read */
export function createScanBudgets(rows: number): ScanBudgets {
  let leftForAll = rows * MAX_SHARES;
  return {
    rows,
    open() {
      let own = rows;
      return {
        own: () => own,
        left: () => Math.min(own, leftForAll),
        spend(spent) {
          own -= spent;
          leftForAll -= spent;
        },
      };
    },
  };
}

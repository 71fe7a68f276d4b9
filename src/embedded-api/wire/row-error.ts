/**
 * The steps in which Letta 0.16.7 answers with rows. Each is done for all rows before the next one, so the error of
 * an earlier step wins over an earlier row's.
 */
const STEPS = ['read', 'validate', 'dump', 'encode'] as const;

type Step = (typeof STEPS)[number];

/** One row makes the whole request fail. The message is the `detail` of the response. */
export class RowError extends Error {
  override readonly name = 'RowError' as const;
  readonly step: Step;
  /** Whether Letta doesn't handle the error, which makes the response a 500 without details. */
  readonly isUnhandled: boolean;

  constructor(step: Step, message: string, { isUnhandled = false } = {}) {
    super(message);
    this.step = step;
    this.isUnhandled = isUnhandled;
  }
}

/** Calls `write` for each row. @throws RowError of the earliest step, and in it of the first row. */
export function writeEach<Row>(rows: readonly Row[], write: (row: Row) => string): string[] {
  const errors: RowError[] = [];
  const texts = rows.map((row) => {
    try {
      return write(row);
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      errors.push(error);
      return '';
    }
  });
  const [first] = errors.toSorted((a, b) => STEPS.indexOf(a.step) - STEPS.indexOf(b.step));
  if (first !== undefined) throw first;
  return texts;
}

/**
 * `warning`: everything works, but an operator should look at it. `problem`: something fails, or isn't as promised,
 * until an operator acts.
 */
export type Status = 'ok' | 'warning' | 'problem';

/** What a check has found. */
export interface Finding {
  readonly status: Status;
  /** What the check saw. */
  readonly text: string;
  /** What an operator can do about the finding. */
  readonly advice?: string;
}

/** The report about an upstream; the shape of `doctor --json`. */
export interface Report {
  /** The worst of the findings. */
  readonly status: Status;
  readonly upstream: string;
  /** The findings in the order of their checks. A check that was skipped after a problem has none. */
  readonly findings: readonly (Finding & { readonly check: string })[];
  readonly milliseconds: number;
}

export const ok = (text: string): Finding => ({ status: 'ok', text });
export const warning = (text: string, advice: string): Finding => ({ status: 'warning', text, advice });
export const problem = (text: string, advice: string): Finding => ({ status: 'problem', text, advice });

/**
 * `warning`: worth a look, though everything is served. `problem`: something isn't served, or not as promised, until
 * somebody acts.
 */
export type Status = 'ok' | 'warning' | 'problem';

/** What a check has found. */
export interface Finding {
  readonly status: Status;
  /** What was seen. */
  readonly text: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** The report about an upstream; the shape of `doctor --json`. */
export interface Report {
  /** The worst of the findings. */
  readonly status: Status;
  readonly upstream: string;
  /** In the order of the checks. A check that was skipped after a problem has no finding. */
  readonly findings: readonly (Finding & { readonly check: string })[];
  readonly milliseconds: number;
}

export function ok(text: string): Finding {
  return { status: 'ok', text };
}

export function warning(text: string, advice: string): Finding {
  return { status: 'warning', text, advice };
}

export function problem(text: string, advice: string): Finding {
  return { status: 'problem', text, advice };
}

/**
 * `ok`: as it should be. `note`: good to know, and nothing has to be done. `problem`: the gateway
 * can't serve everything, or not as it promises, until something is done. `skipped`: wasn't checked.
 */
export type Level = 'ok' | 'note' | 'problem' | 'skipped';

/** What a check found out. Both texts are for operators; upstreams' words in them have no secrets. */
export interface Finding {
  readonly level: Level;
  /** What is so, and for a problem what is wrong. */
  readonly text: string;
  /** What to do. */
  readonly advice?: string | undefined;
  /** The same in a few words, for the line that is logged at start. */
  readonly brief?: string | undefined;
  /** The same for programs. */
  readonly facts?: Facts | undefined;
}

export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** Returns the facts that a check found; empty if it was skipped. */
export type FactsOf = (check: string) => Facts;

/** A finding with the name of its check. */
export type NamedFinding = Finding & { readonly check: string };

/** What was found out about one upstream. */
export interface Report {
  readonly upstream: string;
  /** In the order of the checks, at least one of each. */
  readonly findings: readonly NamedFinding[];
  /** The number of requests, and how long all of it took. */
  readonly requests: number;
  readonly milliseconds: number;
}

export function ok(text: string, facts?: Facts, brief?: string): Finding {
  return { level: 'ok', text, brief, facts };
}

export function note(text: string, advice?: string, facts?: Facts, brief?: string): Finding {
  return { level: 'note', text, advice, brief, facts };
}

export function problem(text: string, advice: string, facts?: Facts, brief?: string): Finding {
  return { level: 'problem', text, advice, brief, facts };
}

/** @param text why */
export function skipped(text: string): Finding {
  return { level: 'skipped', text };
}

export function hasProblems({ findings }: Report): boolean {
  return findings.some(({ level }) => level === 'problem');
}

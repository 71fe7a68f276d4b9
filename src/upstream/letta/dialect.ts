/**
 * How a server interprets its two cursor parameters. `documented`: `after` selects the rows that
 * follow a run in the list's order. `reversed`: `before` does, as in every release since Letta 0.14.0.
 */
export const DIALECTS = ['reversed', 'documented'] as const;
export type Dialect = (typeof DIALECTS)[number];

export function otherDialect(dialect: Dialect): Dialect {
  return dialect === 'reversed' ? 'documented' : 'reversed';
}

/** Returns the query parameter that selects the rows that follow a run. */
export function followingParameter(dialect: Dialect): 'before' | 'after' {
  return dialect === 'reversed' ? 'before' : 'after';
}

/**
 * `page`: a page of rows in the right position. `proof`: responses in both dialects, of which only
 * one can be right, even if the run of the cursor no longer exists.
 */
type DialectEvidence = 'page' | 'proof';

/** What is known about the dialect of one upstream; shared by all its callers. */
export interface DialectMemory {
  /** Whether it is set by configuration: the other dialect is then never tried. */
  readonly forced: boolean;
  /** The dialect, if it is configured or has been detected. */
  readonly known: Dialect | undefined;
  /** The dialect to try first, and whether it was proven recently. */
  readonly current: { readonly dialect: Dialect; readonly proven: boolean };
  learn(dialect: Dialect, evidence: DialectEvidence): void;
}

export interface DialectMemoryOptions {
  readonly forced?: Dialect | undefined;
  /** Called when the dialect is first detected, and whenever it changes. */
  readonly onLearn?: (dialect: Dialect, evidence: DialectEvidence) => void;
  /** Returns the time in milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** How long a proof is valid, in milliseconds: the server may be replaced by another release. */
const PROOF_LASTS_MS = 60_000;

export function createDialectMemory(options: DialectMemoryOptions = {}): DialectMemory {
  const { forced, onLearn, now = Date.now } = options;
  let known: Dialect | undefined;
  let provenAt = Number.NEGATIVE_INFINITY;
  return {
    forced: forced !== undefined,
    get known() {
      return forced ?? known;
    },
    get current() {
      // Current servers are reversed, so that is the better guess.
      const dialect = forced ?? known ?? 'reversed';
      return { dialect, proven: forced !== undefined || now() - provenAt < PROOF_LASTS_MS };
    },
    learn(dialect, evidence) {
      if (evidence === 'proof') provenAt = now();
      if (known === dialect) return;
      known = dialect;
      onLearn?.(dialect, evidence);
    },
  };
}

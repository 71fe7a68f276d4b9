/**
 * How a server reads its two cursor parameters. `documented`: `after` asks for the rows that follow
 * a run in the list's order. `reversed`: `before` does, in every release since Letta 0.14.0.
 */
export const DIALECTS = ['reversed', 'documented'] as const;
export type Dialect = (typeof DIALECTS)[number];

export function otherDialect(dialect: Dialect): Dialect {
  return dialect === 'reversed' ? 'documented' : 'reversed';
}

/** The query parameter that asks for the rows which follow a run. */
export function followingParameter(dialect: Dialect): 'before' | 'after' {
  return dialect === 'reversed' ? 'before' : 'after';
}

/**
 * `page`: rows that lie where they should. `proof`: answers in both dialects, of which one alone
 * can be right; that holds even if the cursor's run had gone.
 */
type DialectEvidence = 'page' | 'proof';

/** What is known of one upstream's dialect; shared by all callers of that upstream. */
export interface DialectMemory {
  /** Set by configuration: never tried the other way. */
  readonly forced: boolean;
  /** The dialect, if it was set or has been seen. */
  readonly known: Dialect | undefined;
  /** The dialect to try first, and whether it was proven lately. */
  readonly current: { readonly dialect: Dialect; readonly proven: boolean };
  learn(dialect: Dialect, evidence: DialectEvidence): void;
}

export interface DialectMemoryOptions {
  readonly forced?: Dialect | undefined;
  /** Called when the dialect is found, and again when a server has changed it. */
  readonly onLearn?: (dialect: Dialect, evidence: DialectEvidence) => void;
  /** Milliseconds, of any epoch. @default Date.now */
  readonly now?: () => number;
}

/** A proof is good for this long: another release may take a server's place under the same address. */
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
      // Today's servers are reversed, so that is the better guess.
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

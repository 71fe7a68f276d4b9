/**
 * How a server interprets its two cursor parameters. `documented`: `after` selects the rows that
 * follow a run in the list's order. `reversed`: `before` does, as in every release since Letta 0.14.0.
 */
export const DIALECTS = ['reversed', 'documented'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** The two cursor parameters of the API. */
export type CursorParameter = 'before' | 'after';

export interface DialectStateOptions {
  readonly forced?: Dialect | undefined;
  /** The guess until a dialect is detected. @default reversed, as runs are in current servers */
  readonly expected?: Dialect;
  /** Called when the dialect is first detected, and whenever it changes. */
  readonly onChange?: (dialect: Dialect) => void;
  /** Returns the time in milliseconds. @default performance.now */
  readonly now?: () => number;
}

/** How long a proof is valid, in milliseconds: the server may be replaced by another release. */
const PROOF_LASTS_MS = 60_000;

export type DialectState = ReturnType<typeof createDialectState>;

/**
 * Creates the dialect of one upstream, which all its callers share. A caller's cursor, which may be forged, is no evidence:
 * only `probeDialect` proves a dialect, by rows that the upstream itself has sent.
 */
export function createDialectState(options: DialectStateOptions = {}) {
  const { forced, expected = 'reversed', onChange, now = () => performance.now() } = options;
  let current = forced;
  let provenAt = Number.NEGATIVE_INFINITY;
  return {
    /** Whether the dialect is configured: the other dialect is then never tried. */
    forced: forced !== undefined,
    /** The dialect, if it is configured or has been detected. */
    get current() {
      return current;
    },
    /** The dialect to try first. */
    get guess() {
      return current ?? expected;
    },
    /** Whether the guess was proven recently, or is configured. */
    get isProven() {
      return forced !== undefined || now() - provenAt < PROOF_LASTS_MS;
    },
    prove(dialect: Dialect) {
      provenAt = now();
      if (current === dialect) return;
      current = dialect;
      onChange?.(dialect);
    },
  };
}

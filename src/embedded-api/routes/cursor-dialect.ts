/**
 * How list cursors are read. `reversed`: `before=X` keeps the rows that follow X in list order, `after=X` those
 * that precede it (Letta 0.14.0 to 0.16.7). `documented`: the other way round, as the API reference says.
 */
export type CursorDialect = 'reversed' | 'documented';

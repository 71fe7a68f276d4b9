/**
 * How cursors are interpreted. `reversed`: `before=X` selects the rows that follow X in list order, `after=X`
 * those that precede it (Letta 0.14.0 to 0.16.7). `documented`: the opposite, as in the API reference.
 */
export type CursorDialect = 'reversed' | 'documented';

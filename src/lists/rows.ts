/** Rows in order, which need not exist as objects before one is asked for. An array is one. */
export interface Rows<Row> extends Iterable<Row> {
  readonly length: number;
  at(index: number): Row | undefined;
  slice(start?: number, end?: number): Rows<Row>;
  toReversed(): Rows<Row>;
}

/**
 * A JSON column as text, for what no JavaScript value can say: `1e5`, `-0.0`, numbers beyond 2^53, repeated keys.
 * PostgreSQL keeps the text of such a column as it was inserted, and so does the store.
 */
export class JsonText {
  readonly text: string;

  /** @throws SyntaxError unless the text is JSON, as PostgreSQL refuses it. */
  constructor(text: string) {
    JSON.parse(text);
    this.text = text;
  }
}

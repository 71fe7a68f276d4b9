/** Formats a Markdown table with aligned columns, and a row for each item. @param columns their cells, by their heads */
export function markdownTable<Item>(
  items: readonly Item[],
  columns: Readonly<Record<string, (item: Item) => string>>,
): string {
  const written = Object.entries(columns).map(([head, cell]) => {
    const cells = [head, ...items.map((item) => cell(item))].map((text) => text.replaceAll('|', '\\|'));
    const width = Math.max(3, ...cells.map(({ length }) => length));
    return cells.toSpliced(1, 0, '-'.repeat(width)).map((text) => text.padEnd(width));
  });
  const lineAt = (row: number): string => `| ${written.map((column) => column[row]).join(' | ')} |`;
  return Array.from({ length: items.length + 2 }, (_, row) => lineAt(row)).join('\n');
}

/** Formats code in Markdown. */
export function code(text: string | undefined): string {
  return text === undefined ? '' : `\`${text}\``;
}

/**
 * Replaces the text between `<!-- NAME -->` and `<!-- /NAME -->`.
 *
 * @throws Error unless each marker occurs exactly once, in this order
 */
export function replaceMarked(page: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before, rest, ...more] = page.split(start);
  const [, after, ...others] = (rest ?? '').split(end);
  if (after === undefined || more.length + others.length > 0) {
    throw new Error(`expected the markers ${start} and ${end} once each`);
  }
  return `${before}${start}\n\n${content}\n\n${end}${after}`;
}

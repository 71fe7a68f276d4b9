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

type Row = Readonly<Record<string, unknown>>;

type Spelling = (rows: readonly Row[]) => string;

const NESTED = { kind: 'new', tags: ['a', 'b'], limits: { steps: 50, note: 'of a "newer" server' } };
const each =
  (change: (row: Row, index: number) => Row): Spelling =>
  (rows) =>
    JSON.stringify(rows.map(change));

/** Ways to write the same list of runs, by name. */
const SPELLINGS: Readonly<Record<string, Spelling>> = {
  canonical: JSON.stringify,
  'a field more at the end': each((row) => ({ ...row, project_name: 'default' })),
  'a field more in the middle': each((row) => inTheMiddle(row, ['project_name', 'default'])),
  'an object more': each((row) => inTheMiddle(row, ['environment', NESTED])),
  'without conversation_id': each((row) => ({ ...row, conversation_id: undefined })),
  'keys in another order': each((row) => reordered(row, 1)),
  'keys in another order in each row': each(reordered),
  'an object more, in another order': each((row) => reordered(inTheMiddle(row, ['environment', NESTED]), 1)),
};
export const SPELLING_NAMES = Object.keys(SPELLINGS);

/** Writes a list of rows in one of the spellings. @throws Error for a name that none has */
export function spell(name: string, rows: readonly Row[]): string {
  const spelling = SPELLINGS[name];
  if (spelling === undefined) throw new Error(`No spelling is called ${name}: ${SPELLING_NAMES.join(', ')}`);
  return spelling(rows);
}

function inTheMiddle(row: Row, member: [string, unknown]): Row {
  const members = Object.entries(row);
  return Object.fromEntries(members.toSpliced(members.length / 2, 0, member));
}

/** The members from another one on, every second one first. */
function reordered(row: Row, seed: number): Row {
  const members = Object.entries(row);
  const start = (seed * 7) % members.length;
  const turned = [...members.slice(start), ...members.slice(0, start)];
  return Object.fromEntries([
    ...turned.filter((_, at) => at % 2 === 0),
    ...turned.filter((_, at) => at % 2 === 1),
  ]);
}

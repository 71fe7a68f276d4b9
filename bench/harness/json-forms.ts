type Row = Readonly<Record<string, unknown>>;

type Spelling = (rows: readonly Row[]) => string;

const NESTED = { kind: 'new', tags: ['a', 'b'], limits: { steps: 50, note: 'of a "newer" server' } };
const toMilliseconds = (text: string): string => text.slice(0, 23);
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
  milliseconds: each((row) => withInstants(row, toMilliseconds)),
  nanoseconds: each((row) => withInstants(row, (text) => `${text}789`)),
  '+00:00': each((row) => withInstants(row, (text) => text, '+00:00')),
  'milliseconds, +00:00, an object more, in another order': each((row) =>
    reordered(inTheMiddle(withInstants(row, toMilliseconds, '+00:00'), ['environment', NESTED]), 1),
  ),
};
export const SPELLING_NAMES = Object.keys(SPELLINGS);

/** Writes a list of rows in one of the spellings. @throws Error for a name that none has */
export function spell(name: string, rows: readonly Row[]): string {
  const spelling = SPELLINGS[name];
  if (spelling === undefined) throw new Error(`No spelling is called ${name}: ${SPELLING_NAMES.join(', ')}`);
  return spelling(rows.map(apart));
}

/** A row that was created a minute before the last one: spelled in milliseconds, they keep their order. */
function apart(row: Row, index: number): Row {
  const at = new Date(Date.UTC(2026, 10, 20, 17) - index * 60_000).toISOString();
  return { ...row, created_at: `${at.slice(0, 19)}.123456Z` };
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

/** @param digits what becomes of an instant with six digits and no zone */
function withInstants(row: Row, digits: (text: string) => string, zone?: string): Row {
  const spelled = (value: unknown): unknown => {
    if (typeof value !== 'string') return value;
    const own = value.endsWith('Z') ? 'Z' : '';
    return digits(value.replace('Z', '').padEnd(20, '.').padEnd(26, '0')) + (zone ?? own);
  };
  return { ...row, created_at: spelled(row['created_at']), completed_at: spelled(row['completed_at']) };
}

type Row = Readonly<Record<string, unknown>>;

/** A way to write the same list of runs. */
export interface Spelling {
  readonly name: string;
  /** What each row becomes; the index is its place in the list. */
  readonly row: (row: Row, index: number) => Row;
  /** @default JSON.stringify */
  readonly list?: (rows: readonly Row[]) => string;
}

const NESTED = { kind: 'new', tags: ['a', 'b'], limits: { steps: 50, note: 'of a "newer" server' } };

export const SPELLINGS: readonly Spelling[] = [
  { name: 'canonical', row: (row) => row },
  { name: 'a field more at the end', row: (row) => ({ ...row, project_name: 'default' }) },
  { name: 'a field more in the middle', row: (row) => inTheMiddle(row, ['project_name', 'default']) },
  { name: 'an object more', row: (row) => inTheMiddle(row, ['environment', NESTED]) },
  { name: 'without conversation_id', row: ({ conversation_id: _, ...rest }) => rest },
  { name: 'keys in another order', row: (row) => shuffled(row, 1) },
  { name: 'keys in another order in each row', row: shuffled },
  { name: 'milliseconds', row: (row) => withInstants(row, (text) => text.slice(0, 23)) },
  { name: 'nanoseconds', row: (row) => withInstants(row, (text) => `${text}789`) },
  { name: '+00:00', row: (row) => withInstants(row, (text) => text, '+00:00') },
  { name: '+02:00', row: (row) => withInstants(row, later, '+02:00') },
  { name: 'spaces after : and ,', row: (row) => row, list: withSpaces },
  { name: 'indented by two spaces', row: (row) => row, list: (rows) => JSON.stringify(rows, null, 2) },
  {
    name: 'milliseconds, +00:00, an object more, in another order, indented',
    row: (row) =>
      shuffled(
        inTheMiddle(
          withInstants(row, (text) => text.slice(0, 23), '+00:00'),
          ['environment', NESTED],
        ),
        1,
      ),
    list: (rows) => `${JSON.stringify(rows, null, 2)}\n`,
  },
];

/** Writes a list of rows in one of the spellings. @throws Error for a name that none has */
export function spell(name: string, rows: readonly Row[]): string {
  const spelling = SPELLINGS.find((each) => each.name === name);
  if (spelling === undefined) throw new Error(`No spelling is called ${name}`);
  return (spelling.list ?? JSON.stringify)(rows.map((row, index) => spelling.row(apart(row, index), index)));
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

/** The same order for the same seed. */
function shuffled(row: Row, seed: number): Row {
  let random = seed + 1;
  const ranked = Object.entries(row).map((member) => {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
    return { member, rank: random };
  });
  return Object.fromEntries(ranked.toSorted((a, b) => a.rank - b.rank).map(({ member }) => member));
}

/** @param digits what becomes of an instant with six digits and no zone */
function withInstants(row: Row, digits: (text: string) => string, zone?: string): Row {
  const spelled = (key: string): unknown => {
    const value = row[key];
    if (typeof value !== 'string') return value;
    const own = value.endsWith('Z') ? 'Z' : '';
    return digits(value.replace('Z', '').padEnd(20, '.').padEnd(26, '0')) + (zone ?? own);
  };
  return { ...row, created_at: spelled('created_at'), completed_at: spelled('completed_at') };
}

/** The same instant two hours ahead of UTC, without its zone. */
function later(text: string): string {
  return new Date(Date.parse(`${text}Z`) + 7_200_000).toISOString().slice(0, 23) + text.slice(23);
}

/** As Python's `json.dumps` writes it. */
function withSpaces(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(withSpaces).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${withSpaces(each)}`);
  return `{${members.join(', ')}}`;
}

/** What a tool has found, before it is written: values of a bounded structure, and a list that may be long. */
export interface Answer {
  /** Null stands for what there is not, and is left out. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly list?: AnswerList;
}

interface AnswerList {
  readonly name: string;
  readonly items: readonly object[];
  /** Whether the first items are left out if not all fit; else the last ones. */
  readonly keepsEnd?: boolean;
  /** Says how to go on from the items that fit, or that these are all. */
  readonly rest: (shown: readonly object[]) => string;
}

/** The most characters of an answer: about 5,000 tokens. */
export const MAX_CHARACTERS = 20_000;
/** Lengths to which texts are cut, until the answer fits. */
const TEXT_LENGTHS = [4000, 2000, 1000, 500, 250, 100] as const;
/** The most items of a list within an item. */
const MAX_NESTED = 20;
/** Characters of an answer that fits in no other way, of which JSON escapes at most all. */
const LAST_RESORT = 9000;

/** Writes an answer as JSON of at most {@link MAX_CHARACTERS}: texts are cut first, then items are left out. */
export function writeAnswer(answer: Answer): string {
  const items = answer.list?.items ?? [];
  for (let count = items.length; ; count = Math.floor(count / 2)) {
    for (const length of TEXT_LENGTHS) {
      const text = write(answer, count, length);
      if (text.length <= MAX_CHARACTERS) return text;
    }
    if (count === 0) return JSON.stringify({ cut: cutText(write(answer, 0, 100), LAST_RESORT) });
  }
}

function write({ facts, list }: Answer, count: number, length: number): string {
  const { name, items = [], keepsEnd = false, rest } = list ?? {};
  const shown = keepsEnd ? items.slice(items.length - count) : items.slice(0, count);
  const all = name === undefined ? facts : { ...facts, [name]: shown, rest: rest?.(shown) };
  return JSON.stringify(all, (key, value: unknown) => {
    if (value === null) return undefined;
    if (typeof value === 'string') return cutText(value, length);
    if (!Array.isArray(value) || value.length <= MAX_NESTED || key === name) return value;
    return [...value.slice(0, MAX_NESTED), `… ${value.length - MAX_NESTED} more`];
  });
}

/** Cuts a text in its middle, where it says how long it was. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = Math.floor(length / 3);
  return `${text.slice(0, length - end)}… [${text.length} characters] …${text.slice(-end)}`.toWellFormed();
}

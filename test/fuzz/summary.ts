/** Failures that are kept with their requests; the others are only counted. */
const MAX_FAILURES = 20;
/** Bytes of a request that are shown; a longer one has to be made again. */
const MAX_SHOWN = 1_000;
/** Failures of the same kind with the same problems that are kept. */
const MAX_ALIKE = 2;

/** Outcomes by kind of case, and the first failures. */
export interface Summary {
  readonly failureCount: () => number;
  readonly failures: readonly string[];
  /** `outcome` is a status, or how the connection ended. */
  count(kind: string, outcome: string): void;
  /** One case of the kind took so many milliseconds. */
  took(kind: string, milliseconds: number): void;
  fail(index: number, kind: string, problems: readonly string[], bytes: Buffer, answer: string): void;
  /** A row for each kind, a column for each outcome, in Markdown. */
  table(): string;
}

export function createSummary(seed: number, port: number): Summary {
  const counts = new Map<string, Map<string, number>>();
  const failures: string[] = [];
  const alike = new Map<string, number>();
  const longest = new Map<string, number>();
  let failureCount = 0;
  return {
    failureCount: () => failureCount,
    failures,
    count(kind, outcome) {
      const row = counts.get(kind) ?? new Map<string, number>();
      row.set(outcome, (row.get(outcome) ?? 0) + 1);
      counts.set(kind, row);
    },
    took(kind, milliseconds) {
      longest.set(kind, Math.max(milliseconds, longest.get(kind) ?? 0));
    },
    fail(index, kind, problems, bytes, answer) {
      failureCount++;
      const title = `${kind}: ${problems.join('; ')}`;
      const before = alike.get(title) ?? 0;
      alike.set(title, before + 1);
      if (failures.length >= MAX_FAILURES || before >= MAX_ALIKE) return;
      failures.push(
        [
          `#${index} ${title}`,
          `  again:   npm run fuzz -- --seed ${seed} --from ${index} --count 1`,
          `  request: ${shown(bytes, port)}`,
          `  answer:  ${JSON.stringify(answer.slice(0, 500))}`,
        ].join('\n'),
      );
    },
    table() {
      const outcomes = [...new Set([...counts.values()].flatMap((row) => [...row.keys()]))].toSorted(byText);
      const kinds = [...counts].toSorted(([a], [b]) => byText(a, b));
      const rows = kinds.map(([kind, row]) => [
        kind,
        ...outcomes.map((outcome) => row.get(outcome) ?? ''),
        Math.round(longest.get(kind) ?? 0),
      ]);
      const totals = outcomes.map((outcome) =>
        kinds.reduce((sum, [, row]) => sum + (row.get(outcome) ?? 0), 0),
      );
      return [
        ['kind', ...outcomes, 'longest, ms'],
        ['---', ...outcomes.map(() => '---:'), '---:'],
        ...rows,
        ['all', ...totals, ''],
      ]
        .map((cells) => `| ${cells.join(' | ')} |`)
        .join('\n');
    },
  };
}

/** A line for bash that sends the same bytes. */
function shown(bytes: Buffer, port: number): string {
  const escaped = bytes
    .subarray(0, MAX_SHOWN)
    .toString('latin1')
    .replaceAll(/[^ !#$&(-[\]-~]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
  const more = bytes.length > MAX_SHOWN ? ` # and ${bytes.length - MAX_SHOWN} bytes more` : '';
  return `printf '%b' '${escaped}' | nc 127.0.0.1 ${port}${more}`;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}

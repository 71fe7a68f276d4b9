import { hasProblems, type Level, type NamedFinding, type Report } from './finding.ts';

/** Writes a report as a person reads it, in lines. */
export function reportText(report: Report): readonly string[] {
  const { upstream, findings, requests, milliseconds } = report;
  const shown = findings.filter(({ level }) => level !== 'skipped');
  const skipped = findings.filter(({ level }) => level === 'skipped').map(({ check }) => check);
  const width = Math.max(...shown.map(({ check }) => check.length));
  const count = (level: Level): string =>
    counted(findings.filter((finding) => finding.level === level).length, level);
  return [
    upstream,
    '',
    ...shown.flatMap((finding) => linesOf(finding, width)),
    ...(skipped.length === 0 ? [] : [`not checked: ${skipped.join(', ')}`]),
    '',
    `${count('problem')}, ${count('note')}; ${counted(requests, 'request')} in ${milliseconds} ms`,
  ];
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function linesOf({ level, check, text, advice }: NamedFinding, width: number): readonly string[] {
  const start = `${level.padEnd('problem'.length)}  ${check.padEnd(width)}  `;
  return [start + text, ...(advice === undefined ? [] : [' '.repeat(start.length) + advice])];
}

/** Writes a report for programs. */
export function reportJson(report: Report): string {
  return JSON.stringify({ status: hasProblems(report) ? 'problems' : 'fine', ...report }, null, 2);
}

/** Says in one line which upstream it is, or what the first problem is. */
export function reportLine({ upstream, findings }: Report): string {
  const problems = findings.filter(({ level }) => level === 'problem');
  // Of a server that is too old, everything else may follow from that.
  const first = problems.find(({ check }) => check === 'server') ?? problems[0];
  if (first === undefined) {
    // As it is said: which server, how it works, how far away it is.
    const briefs = ['server', 'runs', 'connection'].flatMap(
      (name) => findings.find(({ check }) => check === name)?.brief ?? [],
    );
    return `Upstream ${upstream}: ${briefs.join(', ')}`;
  }
  return `Upstream ${upstream}: ${first.check}: ${first.text}. ${first.advice} (More: npm run doctor, or runs-gateway doctor)`;
}

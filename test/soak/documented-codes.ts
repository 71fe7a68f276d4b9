import { readFileSync } from 'node:fs';

/** GraphQL's own, for documents that can't be parsed or don't fit the schema. */
const GRAPHQL_CODES = ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED'];

/** Codes that clients may meet because an upstream fails. */
export const UPSTREAM_CODES: ReadonlySet<string> = new Set([
  'RATE_LIMITED',
  'UPSTREAM_ERROR',
  'UPSTREAM_INVALID_RESPONSE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
]);

/** Every code of the README's table, and those of GraphQL. @throws Error when the table isn't there */
export function readDocumentedCodes(): ReadonlySet<string> {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const section = /^## Errors\n([\s\S]*?)^## /m.exec(readme)?.[1] ?? '';
  const firstCells = [...section.matchAll(/^\|([^|]*)\|/gm)].map(([, cell = '']) => cell);
  const codes = firstCells.flatMap((cell) => [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, code = '']) => code));
  if (codes.length === 0) throw new Error('README.md has no table of codes under "## Errors"');
  return new Set([...codes, ...GRAPHQL_CODES]);
}

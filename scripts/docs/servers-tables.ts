import { SERVERS, TRAITS } from '../../src/doctor/servers.ts';
import { markdownTable } from './markdown-table.ts';

/** Returns the table of servers. */
export function servers(): string {
  const rows = SERVERS.map(({ name, source, traits }) => {
    const texts = new Map<string, string>(Object.entries(traits));
    return [name, source, ...Object.keys(TRAITS).map((key) => texts.get(key) ?? '')];
  });
  return markdownTable(['server', 'known from', ...Object.values(TRAITS).map(([name]) => name)], rows);
}

/** Returns the table of what the differences mean. */
export function serverTraits(): string {
  return markdownTable(['what', 'what it means'], Object.values(TRAITS));
}

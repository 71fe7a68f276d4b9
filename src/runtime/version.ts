import { readFileSync } from 'node:fs';
import module from 'node:module';
import { parseJson } from '../json/parse-json.ts';

/** The version of this package. */
export const VERSION = readVersion();

function readVersion(): string {
  // Not imported by name, which an older Node lacks, that is told so elsewhere.
  const text = readFileSync(module.findPackageJSON(import.meta.url) ?? '', 'utf8');
  const { version = 'unknown' }: { version?: string } = Object(parseJson(text));
  return version;
}

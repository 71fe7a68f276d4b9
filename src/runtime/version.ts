import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { parseJson } from '../json/parse-json.ts';

/** The version of this package. */
export const VERSION = readVersion();

function readVersion(): string {
  const text = readFileSync(findPackageJSON(import.meta.url) ?? '', 'utf8');
  const { version = 'unknown' }: { version?: string } = Object(parseJson(text));
  return version;
}

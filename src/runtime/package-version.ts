import { readFileSync } from 'node:fs';
import module from 'node:module';
import { parseJson } from '../json/parse-json.ts';

export const VERSION = readVersion();

function readVersion(): string {
  // Not imported by name, which would fail on an older Node before the check of its version.
  const text = readFileSync(module.findPackageJSON(import.meta.url) ?? '', 'utf8');
  const { version = 'unknown' }: { version?: string } = Object(parseJson(text));
  return version;
}

import { UpstreamError } from '../errors/upstream-error.ts';
import { countObjects } from '../json/count-objects.ts';
import { parseJson } from '../json/parse-json.ts';

/** An object takes up to sixty times the memory of its text, so a text has one for so many characters. */
const CHARACTERS_PER_OBJECT = 16;
/** So many are always allowed. */
const ALLOWED_OBJECTS = 100_000;

/**
 * Parses JSON that the upstream has sent, as `parseJson` does, of any depth.
 *
 * @throws SyntaxError for invalid JSON
 * @throws UpstreamError for a text that hardly consists of anything but objects and lists
 */
export function parseUpstreamJson(text: string): unknown {
  const allowed = Math.max(ALLOWED_OBJECTS, text.length / CHARACTERS_PER_OBJECT);
  if (text.length > allowed && countObjects(text) > allowed) {
    const message = `More than ${Math.floor(allowed)} objects and lists in ${text.length} characters of JSON`;
    throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', message);
  }
  return parseJson(text);
}

import { parseJson } from '../../../json/parse-json.ts';
import type { Body } from '../../body-chunks.ts';
import { parseBody } from './parse-body.ts';
import { textIn } from './read-fields.ts';

/** Returns the id of the run that an answer to an approval has made; undefined if the API doesn't say. */
export function decodeSentAnswer(body: Body): string | undefined {
  return textIn(parseBody(body).value, 'id');
}

/** Returns the id of the run from the first event of a stream; undefined if it has none. */
export function decodeFirstEvent(body: Body): string | undefined {
  const [, json] = /^data: (.*)$/m.exec(body.toString('utf8')) ?? [];
  return json === undefined ? undefined : textIn(parseJson(json), 'run_id');
}

import { JsonProblem, loadJson, UnreadableJson } from '../wire/load-json.ts';
import type { PythonValue } from '../wire/python-json.ts';
import { HttpError } from './http-error.ts';
import type { Input } from './parameter-error.ts';
import { validationReply } from './query-parameters.ts';
import { errorReply } from './reply.ts';
import type { ApiRequest } from './router.ts';

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a body like FastAPI: as JSON if the type says so or there is none, else as bytes; an empty one is null.
 * @throws HttpError 422 for what isn't JSON, 400 for what Python can't read
 */
export function readBody({ headers }: ApiRequest, body: Uint8Array): Input {
  if (body.length === 0) return null;
  return isJson(headers['content-type']) ? readJson(body) : body;
}

function isJson(contentType = 'application/json'): boolean {
  return contentType === '' || /^\s*application\/(?:[^;]+\+)?json\s*(?:;|$)/i.test(contentType);
}

function readJson(body: Uint8Array): PythonValue {
  try {
    return loadJson(UTF_8.decode(body));
  } catch (error) {
    if (error instanceof JsonProblem) {
      const { message, at } = error;
      const ctx = { error: message };
      const problem = {
        type: 'json_invalid',
        loc: ['body', at],
        msg: 'JSON decode error',
        input: new Map(),
        ctx,
      };
      throw new HttpError(validationReply([problem]));
    }
    // A TypeError of the decoder: the bytes aren't UTF-8.
    if (error instanceof UnreadableJson || error instanceof TypeError) {
      throw new HttpError(errorReply(400, 'There was an error parsing the body'));
    }
    throw error;
  }
}

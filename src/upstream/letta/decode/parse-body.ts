import { UpstreamError } from '../../../errors/upstream-error.ts';
import { bytesOfJson } from '../../../json/json-size.ts';
import { parseJson } from '../../../json/parse-json.ts';
import type { Body } from '../../body-chunks.ts';

/** The content of a response, and the bytes of memory that it takes. */
export interface ParsedBody {
  readonly value: unknown;
  readonly bytes: number;
}

/** The most bytes of memory for what one body is parsed to, as much as one caller may hold. */
const MAX_BYTES = 128 * 1024 * 1024;
const TOO_LARGE = `Parsed, the response would take more than ${MAX_BYTES} bytes of memory`;

/** Parses a body. @throws UpstreamError if it would take too much memory; SyntaxError */
export function parseBody(body: Body): ParsedBody {
  const text = body.subarray();
  const bytes = bytesOfJson(text);
  if (bytes > MAX_BYTES) {
    throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', TOO_LARGE, { maxBytes: MAX_BYTES });
  }
  return { value: parseJson(text.toString('utf8')), bytes };
}

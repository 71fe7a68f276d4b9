import { GatewayError } from '../../errors/gateway-error.ts';
import { parseJson } from '../../json/parse-json.ts';
import type { Body } from '../../wire/body.ts';

/** What was read from a response. */
export interface Sized<Value> {
  readonly value: Value;
  /** Of its text. */
  readonly bytes: number;
  /** The span of the request that was answered, if there are spans. */
  readonly span?: object | undefined;
}

/** Parses a response. @throws SyntaxError */
export function readSized(body: Body): Sized<unknown> {
  const value = parseJson(body.toString('utf8'));
  return { value, bytes: typeof value === 'object' && value !== null ? body.length : 0 };
}

/** What one operation holds of the upstream's responses until it has been answered. */
export class HeldResponses {
  readonly #maxBytes: number;
  #bytes = 0;

  /** @param maxBytes all look-ups together */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @throws GatewayError `RESPONSE_TOO_LARGE` if it holds too much to send another request */
  check(): void {
    if (this.#bytes <= this.#maxBytes) return;
    const message = `The operation needs more than ${this.#maxBytes} bytes of the runs API's responses; request fewer runs at once.`;
    throw new GatewayError('RESPONSE_TOO_LARGE', message, { maxBytes: this.#maxBytes });
  }

  /** Adds what was read from a response, and returns it. @throws GatewayError `RESPONSE_TOO_LARGE` */
  hold<Value>({ value, bytes }: Sized<Value>): Value {
    this.#bytes += bytes;
    this.check();
    return value;
  }
}

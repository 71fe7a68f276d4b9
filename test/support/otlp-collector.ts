import { gunzipSync } from 'node:zlib';
import { serve } from './serve.ts';

/** A span as a collector receives it. */
interface ReceivedSpan {
  readonly name: string;
  readonly kind: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly isError: boolean;
  readonly resource: Readonly<Record<string, unknown>>;
}

export interface Collector extends AsyncDisposable {
  readonly baseUrl: string;
  readonly spans: ReceivedSpan[];
  /** The headers of the exports. */
  readonly headers: Readonly<Record<string, unknown>>[];
}

/** Speaks OTLP over HTTP, in protobuf. */
export async function startCollector(): Promise<Collector> {
  const spans: ReceivedSpan[] = [];
  const headers: Collector['headers'] = [];
  const served = await serve(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    headers.push(request.headers);
    spans.push(...readExport(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body));
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
  return { ...served, spans, headers, [Symbol.asyncDispose]: () => served[Symbol.asyncDispose]() };
}

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT'];
const STATUS_ERROR = 2n;

/** The numbers are those of opentelemetry/proto/trace/v1/trace.proto. */
function readExport(body: Buffer): ReceivedSpan[] {
  return messages(body, 1).flatMap((resourceSpans) => {
    const resource = attributesOf(messages(resourceSpans, 1)[0] ?? Buffer.alloc(0), 1);
    return messages(resourceSpans, 2)
      .flatMap((scopeSpans) => messages(scopeSpans, 2))
      .map((span): ReceivedSpan => {
        const { 1: traceId, 2: spanId, 4: parentSpanId, 5: name, 6: kind } = fields(span);
        const [status = Buffer.alloc(0)] = messages(span, 15);
        return {
          name: String(name),
          kind: KINDS[Number(kind)] ?? '',
          traceId: hex(traceId),
          spanId: hex(spanId),
          parentSpanId: hex(parentSpanId),
          attributes: attributesOf(span, 9),
          links: messages(span, 13).map((link) => {
            const { 1: linkedTrace, 2: linkedSpan } = fields(link);
            return { traceId: hex(linkedTrace), spanId: hex(linkedSpan) };
          }),
          isError: fields(status)[3] === STATUS_ERROR,
          resource,
        };
      });
  });
}

function attributesOf(message: Buffer, number: number): Record<string, unknown> {
  return Object.fromEntries(
    messages(message, number).map((pair) => {
      const [value = Buffer.alloc(0)] = messages(pair, 2);
      const { 1: text, 2: truth, 3: integer } = fields(value);
      const shown =
        text === undefined ? (integer === undefined ? truth === 1n : Number(integer)) : String(text);
      return [String(fields(pair)[1]), shown];
    }),
  );
}

function hex(bytes: unknown): string {
  return Buffer.isBuffer(bytes) ? bytes.toString('hex') : '';
}

/** The last value of each field. */
function fields(message: Buffer): Record<number, Buffer | bigint> {
  return Object.fromEntries(read(message));
}

function messages(message: Buffer, number: number): Buffer[] {
  return [...read(message)].flatMap(([field, value]) =>
    field === number && Buffer.isBuffer(value) ? [value] : [],
  );
}

/** The wire format of protobuf. */
function* read(message: Buffer): Generator<[number: number, value: Buffer | bigint]> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const bytes = (length: number): Buffer => message.subarray(at, (at += length));
  while (at < message.length) {
    const tag = Number(varint());
    const type = tag & 7;
    yield [tag >> 3, type === 0 ? varint() : bytes(type === 2 ? Number(varint()) : type === 1 ? 8 : 4)];
  }
}

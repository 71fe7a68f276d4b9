import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { startProgram } from '../support/program.ts';
import { serve } from '../support/serve.ts';

describe('The program', () => {
  it('exports traces by OTLP, with its headers and resource, before it ends', async () => {
    const received: { readonly headers: unknown; readonly text: string }[] = [];
    await using collector = await serve(async (request, response) => {
      const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
      const isZipped = request.headers['content-encoding'] === 'gzip';
      // Texts stand in protobuf as they are.
      received.push({ headers: request.headers, text: String(isZipped ? gunzipSync(body) : body) });
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
    await using program = startProgram(['--sample-runs'], {
      PORT: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.baseUrl,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=ours',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    });
    await fetch(`${await program.url}/graphql?query=query Traced { runs { nodes { id } } }`);
    program.process.kill('SIGTERM');
    expect((await program.ended).code).toBe(0);
    const [first] = received;
    expect(first?.headers).toMatchObject({ 'x-tenant': 'ours' });
    for (const text of ['query Traced', 'GET /v1/runs/', 'runs-gateway', 'deployment.environment.name']) {
      expect(received.map((each) => each.text).join('\n')).toContain(text);
    }
  });

  it.each([
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', 'expected http/protobuf; but got grpc'],
    ['OTEL_TRACES_SAMPLER', 'sometimes', 'expected one of always_on'],
  ])('ends with what is wrong with %s=%s', async (name, value, problem) => {
    const env = { PORT: '0', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', [name]: value };
    await using program = startProgram([], env);
    expect(await program.ended).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`${name}: ${problem}`),
    });
  });
});

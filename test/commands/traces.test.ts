import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startProgram } from '../support/program.ts';

/** As docs/operate.md has it, but with an exporter that writes what it is given. */
const TRACING = `
import { trace } from '@opentelemetry/api';
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

const exporter = { export: (spans, done) => { for (const span of spans) console.log(span.name, span.spanContext().spanId, 'in', span.parentSpanContext?.spanId); done({ code: 0 }); }, shutdown: async () => {} };
trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
`;

it('The program traces by the OpenTelemetry SDK that runs in its process', async () => {
  using folder = mkdtempDisposableSync(path.join(import.meta.dirname, 'tracing-'));
  const tracing = path.join(folder.path, 'tracing.mjs');
  writeFileSync(tracing, TRACING);
  await using program = startProgram(['--sample-runs'], { PORT: '0', NODE_OPTIONS: `--import=${tracing}` });
  await fetch(`${await program.url}/graphql?query=query Traced { runs { nodes { id } } }`);
  program.process.kill('SIGTERM');
  expect((await program.ended).code).toBe(0);
  const [, operation] = /^query Traced (\w+) in undefined$/m.exec(program.printed()) ?? [];
  expect(program.printed()).toMatch(new RegExp(`^GET /v1/runs/ \\w+ in ${operation}$`, 'm'));
});

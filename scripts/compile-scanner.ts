import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { main } from 'assemblyscript/asc';
import { SLOT_BYTES, slotOf } from '../src/engine/rows/slots.ts';
import { STEP_KINDS } from '../src/engine/rows/step.ts';
import { FIELD_KINDS, REQUEST_CONFIG_FIELD_LIST, RUN_FIELD_LIST } from '../src/runs/run-fields.ts';

/**
 * Compiles the scanner to the module that is committed beside its source, and writes the part of
 * the source that follows from the table of fields. With `--check` it only tells, by its exit code,
 * whether both are what they should be.
 */
const FOLDER = 'src/engine/rows';
const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false } },
});
const root = fileURLToPath(new URL('../', import.meta.url));

const layoutFile = `${root}${FOLDER}/assembly/layout.ts`;
const layout = layoutText();
if (!values.check) writeFileSync(layoutFile, layout);
else if (readFileSync(layoutFile, 'utf8') !== layout)
  complain(`${FOLDER}/assembly/layout.ts`, 'src/runs/run-fields.ts');

const code = await compile();
const wasmFile = `${root}${FOLDER}/scanner.wasm`;
if (code === undefined) process.exitCode = 1;
else if (!values.check) writeFileSync(wasmFile, code);
else if (!readFileSync(wasmFile).equals(code)) complain(`${FOLDER}/scanner.wasm`, 'its source');

function layoutText(): string {
  return [
    '/** Made by `npm run generate` from the table of fields and the kinds of steps. */',
    constant('run fields', RUN_FIELD_LIST.length),
    constant('config fields', REQUEST_CONFIG_FIELD_LIST.length),
    constant('id slot', slotOf('id') * SLOT_BYTES),
    constant('created slot', slotOf('createdAt') * SLOT_BYTES),
    constant('agent slot', slotOf('agentId') * SLOT_BYTES),
    ...FIELD_KINDS.map((kind, index) => constant(`kind ${kind}`, index)),
    ...STEP_KINDS.map((kind, index) => constant(`step ${kind}`, index)),
    '',
  ].join('\n');
}

function constant(name: string, value: number): string {
  return `export const ${name.replaceAll(' ', '_').toUpperCase()}: u32 = ${value};`;
}

async function compile(): Promise<Uint8Array | undefined> {
  let compiled: Uint8Array | undefined;
  const source = [`${FOLDER}/assembly/index.ts`, '--baseDir', root, '--outFile', 'scanner.wasm'];
  const options = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'];
  const { error } = await main([...source, ...options], {
    stderr: process.stderr,
    writeFile(_name, contents) {
      if (typeof contents !== 'string') compiled = contents;
    },
  });
  return error === null ? compiled : undefined;
}

function complain(file: string, source: string): void {
  process.stderr.write(`${file} is not what ${source} says. Run: npm run generate\n`);
  process.exitCode = 1;
}

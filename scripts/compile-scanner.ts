import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { main } from 'assemblyscript/asc';

/**
 * Compiles the scanner to the module that is committed beside its source; with `--check` it only
 * tells, by its exit code, whether that is what the source says. `--out` names another file.
 */
const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    out: { type: 'string', default: fileURLToPath(new URL('../src/wire/scanner.wasm', import.meta.url)) },
  },
});
const root = fileURLToPath(new URL('../', import.meta.url));

let code: Uint8Array | undefined;
const source = ['src/wire/assembly/index.ts', '--baseDir', root, '--outFile', 'scanner.wasm'];
const options = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'];
const { error } = await main([...source, ...options], {
  stderr: process.stderr,
  writeFile(_name, contents) {
    if (typeof contents !== 'string') code = contents;
  },
});
if (error !== null || code === undefined) {
  process.exitCode = 1;
} else if (!values.check) {
  writeFileSync(values.out, code);
} else if (!readFileSync(values.out).equals(code)) {
  process.stderr.write('src/wire/scanner.wasm is not what its source says. Run: npm run generate\n');
  process.exitCode = 1;
}

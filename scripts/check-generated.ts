import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** Checks everything that `npm run generate` writes. Each command names the files that it finds out of date. */
const CHECKS = [
  'node scripts/compile-scanner.ts --check',
  'node scripts/print-schema.ts --check',
  'node scripts/generate-docs.ts --check',
  'npm --prefix examples/node run -s generate -- --check',
  'npm --prefix examples/node run -s generate -- --check --config ../../codegen.ts',
  'npm --prefix examples/relay run -s generate -- --validate',
  'node scripts/generate-manifests.ts --check',
];
const cwd = fileURLToPath(new URL('../', import.meta.url));

const failed = CHECKS.filter(
  (command) => spawnSync(command, { cwd, stdio: 'inherit', shell: true }).status !== 0,
);
if (failed.length > 0) {
  process.stderr.write(
    `\nOut of date, or not to be generated:\n${failed.join('\n')}\nRun: npm run generate\n`,
  );
  process.exitCode = 1;
}

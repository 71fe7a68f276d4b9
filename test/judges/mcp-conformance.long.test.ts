import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { openListening } from '../support/open-listening.ts';

const PROGRAM = fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/package.json')).replace(
  'package.json',
  'dist/index.js',
);

/** The checks of a scenario that a server with these tools alone has nothing for. */
const NOT_APPLICABLE: Readonly<Record<string, readonly string[]>> = {
  'server-stateless': [
    // They call tools of the suite, that ask for sampling, log, or send requests.
    'sep-2575-server-rejects-undeclared-capability',
    'sep-2575-missing-capability-http-400',
    'sep-2575-http-server-no-independent-requests-on-stream',
    'sep-2575-server-no-log-without-loglevel',
    // The tools never change, so there is nothing to subscribe to.
    'sep-2575-server-sends-subscription-ack',
    'sep-2575-server-tags-subscription-id',
  ],
  // There are neither prompts nor resources.
  caching: [
    'sep-2549-prompts-list-caching-hints',
    'sep-2549-resources-list-caching-hints',
    'sep-2549-resources-templates-list-caching-hints',
  ],
};

// The other scenarios are about prompts, resources, tasks, sessions, and tools that the suite's own server has.
it.each([
  ['server-initialize', '2025-11-25'],
  ['ping', '2025-11-25'],
  ['tools-list', '2025-11-25'],
  ['dns-rebinding-protection', '2025-11-25'],
  ['tools-list', '2026-07-28'],
  ['dns-rebinding-protection', '2026-07-28'],
  ['server-stateless', '2026-07-28'],
  ['http-header-validation', '2026-07-28'],
  ['caching', '2026-07-28'],
  ['server-sse-multiple-streams', '2026-07-28'],
  ['input-required-result-unsupported-methods', '2026-07-28'],
])("The scenario %s of the protocol's conformance suite, in %s", async (scenario, version) => {
  await using server = await openListening({ config: { allowedHosts: [] } });
  const args = [
    PROGRAM,
    'server',
    '--url',
    `${server.url}/mcp`,
    '--scenario',
    scenario,
    '--spec-version',
    version,
  ];
  const printed = await new Promise<string>((resolve) => {
    // It exits with 1 if a check fails.
    execFile(process.execPath, args, (_error, stdout, stderr) =>
      resolve(stripVTControlCharacters(stdout + stderr)),
    );
  });
  expect(printed).toMatch(/^Passed: [1-9]/m);
  const failed = [...printed.matchAll(/\[([\w-]+) *\] FAILURE/g)].map(([, id]) => id);
  expect(new Set(failed)).toEqual(new Set(NOT_APPLICABLE[scenario] ?? []));
});

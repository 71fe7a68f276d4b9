import process from 'node:process';
import { type AllRunsOptions, allRuns } from './all-runs.ts';
import { hasCode } from './request.ts';

const url = process.argv[2] ?? process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:4000/graphql';
/** Where an earlier walk ended; a run that is gone leads nowhere. */
const from = process.argv[3];

async function print(options: Pick<AllRunsOptions, 'from'>): Promise<void> {
  for await (const run of allRuns({ url, statuses: ['FAILED'], ...options })) {
    process.stdout.write(`${run.createdAt} ${run.id} ${run.stopReason ?? 'no reason known'}\n`);
  }
}

try {
  await print(from === undefined ? {} : { from });
} catch (error) {
  if (!hasCode(error, 'INVALID_CURSOR')) throw error;
  process.stderr.write(`${error.message}\nStarting again without it.\n`);
  await print({});
}

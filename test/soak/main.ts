import process from 'node:process';
import { parseArgs } from 'node:util';
import { ATTACKS } from './attacks.ts';
import { soakLimits } from './limits.ts';
import { soakReplacements } from './replacements.ts';
import { soakWatcher } from './watcher.ts';

/** What no test has the time for. Everything is on loopback. */
const { values } = parseArgs({
  options: {
    /** `replacements`, `watcher` and the names of attacks, separated by commas. */
    only: { type: 'string', default: ['replacements', 'watcher', ...Object.keys(ATTACKS)].join() },
    /** For each of them. A client that reads nothing is closed after 30 s. */
    seconds: { type: 'string', default: '40' },
    /** The same seed makes the same runs, queries and failures; their timing is that of the machine. */
    seed: { type: 'string', default: '1' },
    /** Share of the upstream's answers that fail, 0 to 1. */
    failing: { type: 'string', default: '0.1' },
  },
});
const names = values.only.split(',');
const seconds = Number(values.seconds);
const problems = [
  ...(names.includes('replacements')
    ? await soakReplacements(seconds, Number(values.seed), Number(values.failing))
    : []),
  ...(names.includes('watcher') ? await soakWatcher(seconds, Number(values.seed)) : []),
  ...(await soakLimits(
    names.filter((name) => name !== 'replacements' && name !== 'watcher'),
    seconds,
  )),
];
for (const problem of problems.slice(0, 20)) console.log(problem.slice(0, 2_000));
// Node may wait for ever for the connections that were reset.
process.exit(problems.length > 0 ? 1 : 0);

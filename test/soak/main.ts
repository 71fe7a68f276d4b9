import process from 'node:process';
import { parseArgs } from 'node:util';
import { ATTACKS } from './attacks.ts';
import { soakReplacements } from './replacements.ts';
import { soakAttacks } from './soak-attacks.ts';
import { soakWatcher } from './watcher.ts';

/** What no test has the time for. Everything is on loopback. */
const { values } = parseArgs({
  options: {
    /** `replacements`, `watcher`, `attacks` and the names of single attacks, separated by commas. */
    only: { type: 'string', default: 'replacements,watcher,attacks' },
    /** For each of them, and for each of the two times that an attack comes. */
    seconds: { type: 'string', default: '20' },
    /** The same seed makes the same runs, queries and failures; their timing is that of the machine. */
    seed: { type: 'string', default: '1' },
    /** Share of the upstream's answers that fail, 0 to 1. */
    failing: { type: 'string', default: '0.1' },
  },
});
const names = values.only.split(',');
for (const name of names) {
  if (!['replacements', 'watcher', 'attacks', ...Object.keys(ATTACKS)].includes(name))
    throw new TypeError(`There is no ${name}`);
}
const seconds = Number(values.seconds);
const problems = [
  ...(names.includes('replacements')
    ? await soakReplacements(seconds, Number(values.seed), Number(values.failing))
    : []),
  ...(names.includes('watcher') ? await soakWatcher(seconds, Number(values.seed)) : []),
  ...(await soakAttacks(
    names.flatMap((name) => (name === 'attacks' ? Object.keys(ATTACKS) : name in ATTACKS ? [name] : [])),
    seconds,
  )),
];
for (const problem of problems.slice(0, 20)) console.log(problem.slice(0, 2_000));
// Node may wait for ever for the connections that were reset.
process.exit(problems.length > 0 ? 1 : 0);

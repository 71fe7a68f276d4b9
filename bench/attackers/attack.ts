import process from 'node:process';
import { attackUntil } from './attacks.ts';

/*
 * A process of attackers, so that what they do to themselves disturbs no measurement: `attack.ts URL NAME…`, until
 * its parent is gone or says so.
 */
const [url = '', ...names] = process.argv.slice(2);
process.once('disconnect', () => process.exit());
const { signal } = new AbortController();
await Promise.all(names.map((name) => attackUntil(name, { url, token: name, signal })));

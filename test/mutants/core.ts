import { globSync } from 'node:fs';

/** All tests of the core as one file, so that each mutant loads what they share once. */
for (const file of globSync('test/core/*.test.ts').toSorted()) await import(`../../${file}`);

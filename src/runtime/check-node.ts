import process from 'node:process';
import { nodeProblem } from './node-version.ts';

// Imported before everything else, which would fail on an older Node with an obscure error.
const problem = nodeProblem(process.versions.node);
if (problem !== undefined) throw new Error(problem);

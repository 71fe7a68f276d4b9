import process from 'node:process';
import { nodeProblem } from './node-version.ts';

// Imported ahead of everything else: what an old Node does not know would fail with a riddle.
const problem = nodeProblem(process.versions.node);
if (problem !== undefined) throw new Error(problem);

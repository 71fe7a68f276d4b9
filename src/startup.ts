import { enableCompileCache } from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

// What has to be set before the rest of the program is loaded.

// Several libraries look at it once, and check more of their input than a server needs if it isn't set.
process.env['NODE_ENV'] ??= 'production';

// From the second start on nothing is compiled anew, which takes a third of the time. Beside the
// program, where nobody but who installed it can write; if that is nobody here, it is left out.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/runs-gateway', import.meta.url)));

import { enableCompileCache } from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

// Libraries leave out what only helps while one develops with them.
process.env['NODE_ENV'] ??= 'production';

// Before the rest of the program is loaded: from the second start on nothing of it is compiled anew,
// which takes a third of the time. Kept beside the program, where nobody but who installed it can
// write; where that is not whom it runs as, it does without.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/runs-gateway', import.meta.url)));

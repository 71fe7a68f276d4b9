import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An empty folder, which is removed when it is disposed of. */
export function newFolder() {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'runs-gateway-test-'));
  return {
    path: folder.path,
    /** The path of a file in it, which is written if there is a text. */
    file(name: string, text?: string): string {
      const path = join(folder.path, name);
      if (text !== undefined) writeFileSync(path, text);
      return path;
    },
    [Symbol.dispose]: () => folder.remove(),
  };
}

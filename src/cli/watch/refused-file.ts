import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import type { Notice } from './notice.ts';

/** The most bytes of a file: the newest lines stay. */
const MAX_BYTES = 1_000_000;

/** Appends a notice that the receiver has refused to a file, as a line of JSON. */
export async function appendRefused(file: string, notice: Notice, reason: string): Promise<void> {
  const line = `${JSON.stringify({ refusedAt: new Date(), reason, notice })}\n`;
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size + Buffer.byteLength(line) <= MAX_BYTES)
    return writeFile(file, line, { flag: 'a', mode: 0o600, flush: true });
  const kept = (await readFile(file)).subarray(-MAX_BYTES / 2).toString();
  // The first line may be cut.
  const text = kept.slice(kept.indexOf('\n') + 1) + line;
  await writeFile(`${file}.new`, text, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}

import { readFile, stat } from 'node:fs/promises';
import type { GraphQLSchema } from 'graphql';
import { ConfigError } from '../../config/config-error.ts';
import { type CheckedManifestDocument, checkManifestDocument, titleOf } from './check-manifest.ts';
import { type ManifestDocument, parseManifest } from './manifest.ts';

/** The maximum size of a manifest in bytes. */
const MAX_BYTES = 32 * 1024 * 1024;
/** The number of problems that are reported when the gateway starts. */
const MAX_PROBLEMS = 20;

/** A manifest, and everything that is wrong with it: each problem with id, name and location. */
export interface CheckedManifest {
  readonly documents: readonly CheckedManifestDocument[];
  readonly problems: readonly string[];
}

/** Reads a manifest from a file, and checks each of its documents against the schema. */
export async function checkManifest(schema: GraphQLSchema, file: string): Promise<CheckedManifest> {
  const text = await readText(file);
  if (typeof text !== 'string') return { documents: [], problems: [text.problem] };
  const { documents, problems } = parseManifest(text);
  const checked = documents.map((document) => checkManifestDocument(schema, document));
  const ofDocuments = checked.flatMap((document) =>
    document.problems.map((problem) => `${titleOf(document)}: ${problem}`),
  );
  return { documents: checked, problems: [...problems, ...ofDocuments] };
}

/** Reads the manifest of a gateway. @throws ConfigError with its first problems */
export async function loadManifest(
  schema: GraphQLSchema,
  file: string,
): Promise<readonly ManifestDocument[]> {
  const { documents, problems } = await checkManifest(schema, file);
  const more = problems.length - MAX_PROBLEMS;
  const shown = [
    ...problems.slice(0, MAX_PROBLEMS),
    ...(more > 0 ? [`${more} more; runs-gateway documents check prints all of them`] : []),
  ];
  if (shown.length > 0) throw new ConfigError(shown.map((each) => `PERSISTED_DOCUMENTS: ${file}: ${each}`));
  // Without what the checks have found: only the texts are kept in memory.
  return documents.map(({ id, text }) => ({ id, text }));
}

async function readText(file: string): Promise<string | { readonly problem: string }> {
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) {
      return { problem: `expected at most ${MAX_BYTES} bytes, but got ${size}` };
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (typeof code !== 'string') throw error;
    return { problem: `expected a readable file (${code})` };
  }
}

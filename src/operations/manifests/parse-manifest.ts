import { isObject } from '../../json/parse-json.ts';

export interface ManifestDocument {
  readonly id: string;
  readonly text: string;
}

/** The documents of a manifest, and the problems of the manifest or of its entries. */
export interface ParsedManifest {
  readonly documents: readonly ManifestDocument[];
  readonly problems: readonly string[];
}

/** The `format` of the manifests of Apollo. */
const APOLLO_FORMAT = 'apollo-persisted-query-manifest';

const EXPECTED =
  'expected a manifest of relay-compiler or GraphQL Code Generator, such as {"<id>": "<document>"}, or one of Apollo';

/**
 * Reads the JSON of a manifest: an object of texts by id, as relay-compiler (`persistConfig`) and GraphQL Code Generator
 * (`persistedDocuments`) write it, or a list of operations by Apollo's generator.
 */
export function parseManifest(content: unknown): ParsedManifest {
  if (!isObject(content)) return { documents: [], problems: [EXPECTED] };
  const read = 'format' in content ? readOperations(content) : readTexts(content);
  if (read.documents.length > 0 || read.problems.length > 0) return read;
  return { documents: [], problems: ['contains no documents'] };
}

function readTexts(content: Readonly<Record<string, unknown>>): ParsedManifest {
  const documents: ManifestDocument[] = [];
  const problems: string[] = [];
  for (const [id, text] of Object.entries(content)) {
    if (id === '') problems.push('expected ids of at least one character, but got an empty one');
    else if (typeof text === 'string') documents.push({ id, text });
    else problems.push(`${id}: expected the text of a document, but got ${typeof text}; ${EXPECTED}`);
  }
  return { documents, problems };
}

function readOperations({ format, version, operations }: Readonly<Record<string, unknown>>): ParsedManifest {
  if (format !== APOLLO_FORMAT || version !== 1 || !Array.isArray(operations)) {
    const expected = `expected the format ${APOLLO_FORMAT} in version 1, with a list of operations`;
    return {
      documents: [],
      problems: [`${expected}, but got ${JSON.stringify({ format, version })?.slice(0, 200)}`],
    };
  }
  const texts = new Map<string, string>();
  const problems: string[] = [];
  for (const [index, operation] of operations.entries()) {
    const { id, body }: Readonly<Record<string, unknown>> = isObject(operation) ? operation : {};
    if (typeof id !== 'string' || id === '' || typeof body !== 'string') {
      problems.push(`operations[${index}]: expected texts as "id" and "body"`);
    } else if ((texts.get(id) ?? body) !== body) {
      problems.push(`${id}: expected ids to be unique, but got two documents with this one`);
    } else texts.set(id, body);
  }
  return { documents: [...texts].map(([id, text]) => ({ id, text })), problems };
}

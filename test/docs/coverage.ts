/** How a command of the pages is known to work: a file that runs it, and what is said there. */
interface Coverage {
  readonly file: string;
  readonly says: string;
}

const here = (says: string): Coverage => ({ file: 'test/docs/commands.test.ts', says });
const doctor = (says: string): Coverage => ({ file: 'test/cli/doctor.test.ts', says });
const live = (says: string): Coverage => ({ file: 'test/docs/live.long.test.ts', says });
const eachNode = (script: string): Coverage => ({
  file: 'test/docs/node-versions.long.test.ts',
  says: `'${script}'`,
});
const benchmark = (says: string): Coverage => ({ file: 'test/docs/benchmarks.long.test.ts', says });
const example = (name: string): Coverage => ({ file: 'test/examples/programs.test.ts', says: `'${name}'` });

/** What runs a command of the pages; undefined for a command that isn't covered, which fails a test. */
export function coverageOf(command: string): Coverage | undefined {
  // The packages of an example, which its tests need as well.
  if (/^npm --prefix examples\/\w+ ci$/.test(command)) {
    return { file: 'scripts/install-parts.ts', says: 'examples/${EXAMPLES}' };
  }
  return COVERAGE[command];
}

export const COVERAGE: Readonly<Record<string, Coverage>> = {
  'npm ci': { file: '.ci/run', says: 'npm ci' },
  'npm test': { file: '.ci/run', says: 'npm test' },
  'npm start': here("startCommand('npm start'"),
  'LETTA_BASE_URL=http://localhost:8283 npm start': here('LETTA_BASE_URL=http://localhost'),
  'LETTA_API_KEY=sk-let-your-key npm start': here('LETTA_API_KEY='),
  'CORS_ORIGINS=https://app.example.com,http://localhost:5173 npm start': {
    file: 'test/http/cors.test.ts',
    says: "CORS_ORIGINS: 'https://app.example.com,http://localhost:5173'",
  },
  [`curl -sS http://127.0.0.1:4000/graphql -H 'content-type: application/json' -d '{"query":"query ($since: DateTime!) { runStats(createdAfter: $since, statuses: [FAILED]) { count { value } } }","variables":{"since":"'$(date -u -d '1 hour ago' +%FT%TZ)'"}}'`]:
    { file: 'test/docs/cookbook.test.ts', says: "includes('1 hour ago')" },
  'npm run runs-api -- --port 8283 --runs 5000 --seed 1 --dialect reversed --db runs.db': here(
    "'npm run runs-api -- --port 8283 --runs '",
  ),
  'curl -s http://127.0.0.1:4000/graphql -H \'content-type: application/json\' -d \'{"query":"{ runs(first: 2) { nodes { id status createdAt } pageInfo { hasNextPage endCursor } } }"}\'':
    here("'curl -s '"),
  "curl -sN http://127.0.0.1:4000/graphql -H 'accept: text/event-stream' -H 'content-type: application/json' -d '{\"query\":\"subscription { runEvents { kind runId run { status } cursor } }\"}'":
    live('curl -sN'),
  'npm run compose --silent > supergraph.graphql': {
    file: 'test/federation/routers/processes.ts',
    says: 'compose.ts',
  },
  'npm --prefix examples/live start': here("'npm --prefix examples/live start'"),
  'npm run tail': live('npm run tail'),
  'go get -tool github.com/Khan/genqlient golang.org/x/tools@latest': {
    file: 'test/clients/go/go.mod',
    says: 'tool github.com/Khan/genqlient',
  },
  'go tool genqlient': { file: 'test/clients/generators.long.test.ts', says: "'tool', 'genqlient'" },
  'npm run tail --silent -- --status FAILED --json': live('npm run tail'),
  'npm run doctor': doctor("startProgram(['doctor'"),
  'npm run doctor --silent -- --json': doctor("'--json'"),
  'PERSISTED_DOCUMENTS=persisted-documents.json npm start': here(
    "'PERSISTED_DOCUMENTS=persisted-documents.json npm'",
  ),
  'PERSISTED_DOCUMENTS=persisted-documents.json TRUSTED_DOCUMENTS_ONLY=on npm start': here(
    "'PERSISTED_DOCUMENTS=persisted-documents.json TRUSTED'",
  ),
  'npx runs-gateway documents check persisted-documents.json': {
    file: 'test/cli/check-documents.test.ts',
    says: "'documents', 'check'",
  },
  'runs-gateway config check --print': { file: 'test/cli/check-config.test.ts', says: "'--print'" },
  'npx runs-gateway why 3f1c9a52-8d0e-4c57-9b7e-0d6f1c2a7e11': {
    file: 'test/cli/why.test.ts',
    says: "ask(adminUrl, 'failed')",
  },
  'npm i @opentelemetry/api @opentelemetry/sdk-trace @opentelemetry/resources @opentelemetry/exporter-trace-otlp-proto':
    { file: 'src/observability/export-traces.ts', says: "'@opentelemetry/exporter-trace-otlp-proto'" },
  'OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318 npx runs-gateway': {
    file: 'test/observability/traces.test.ts',
    says: 'OTEL_EXPORTER_OTLP_ENDPOINT: collector.baseUrl',
  },
  'npx runs-gateway': { file: 'test/packaging/package.long.test.ts', says: "['npx', 'runs-gateway'" },
  'docker build -t runs-gateway .': {
    file: 'test/packaging/image.long.test.ts',
    says: "runScript('scripts/image-steps.ts'",
  },
  'kubectl kustomize deploy/kubernetes/base': {
    file: 'test/packaging/kubernetes.test.ts',
    says: "['base', 'monitoring', 'ingress']",
  },
  'npm run test:replicas': {
    file: 'test/replicas/replicas.long.test.ts',
    says: "runScript('test/replicas/main.ts'",
  },
  'npm run runs-api -- --port 8283': eachNode('run runs-api'),
  'LETTA_BASE_URL=http://127.0.0.1:8283 npm --prefix examples/embedding start':
    eachNode('examples/embedding start'),
  'npm pack': here("'npm pack'"),
  'npm install ./runs-gateway-0.1.0.tgz': here("'npm install '"),
  'node -p "require.resolve(\'runs-gateway/schema.graphql\')"': here("'node -p '"),
  'npm --prefix examples/relay start': example('relay'),
  'npm --prefix examples/apollo start': example('apollo'),
  'npm --prefix examples/urql start': example('urql'),
  'npm --prefix examples/node start': example('node'),
  'npm run bench': benchmark("'compare'"),
  'npm --prefix bench ci': { file: 'package.json', says: 'npm --prefix bench ci' },
  'npm --prefix bench run compare': benchmark("'compare'"),
  'npm --prefix bench run shapes': benchmark("'shapes'"),
  'npm --prefix bench run spellings': benchmark("'spellings'"),
  'npm --prefix bench run ready': benchmark("'ready'"),
  'npm --prefix bench run poll': benchmark("'poll'"),
  'npm --prefix bench run fairness': benchmark("'fairness'"),
  'npm --prefix bench run million': benchmark("'million'"),
  'npm --prefix bench run profile': benchmark("'profile'"),
  'npm run bench:against -- REF': benchmark("'against'"),
  'npm run bench:deep-pages': benchmark("'deep-pages'"),
  'npm run bench:watchers': benchmark("'watchers'"),
  'npm run bench:distance': benchmark("'distance'"),
  'npm run bench:attackers': benchmark("'attackers'"),
  'npm run bench:visitors': benchmark("'visitors'"),
};

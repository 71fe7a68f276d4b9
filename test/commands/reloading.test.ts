import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { jsonPost } from '../support/execute.ts';
import { newFolder } from '../support/new-folder.ts';
import { type Program, startProgram } from '../support/program.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';

/** How long a busy machine may take. */
const PATIENCE = { timeout: 30_000 };

/** A folder like the volume of a Secret of Kubernetes, whose files are replaced all at once. */
async function mountSecret(folder: string, files: Readonly<Record<string, string>>) {
  let version = 0;
  const replace = async (contents: Readonly<Record<string, string>>): Promise<void> => {
    const own = join(folder, `..version-${++version}`);
    await mkdir(own);
    for (const [name, content] of Object.entries(contents)) await writeFile(join(own, name), content);
    await symlink(own, join(folder, '..next'));
    await rename(join(folder, '..next'), join(folder, '..data'));
  };
  await replace(files);
  for (const name of Object.keys(files)) await symlink(join('..data', name), join(folder, name));
  return { replace, path: (name: string) => join(folder, name) };
}

async function ask(url: string, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/graphql`, jsonPost({ query: '{ runs { nodes { id } } }' }, headers));
  await response.arrayBuffer();
  return response.status;
}

/** Asks again and again until it is stopped. @returns which statuses came */
async function askOn(url: string, token: () => string, { signal }: AbortController): Promise<Set<number>> {
  const statuses = new Set<number>();
  for (; !signal.aborted; await sleep(5)) statuses.add(await ask(url, token()));
  return statuses;
}

async function startGateway(env: Record<string, string>, args: readonly string[] = []) {
  await using starting = new AsyncDisposableStack();
  const upstream = starting.use(await startRawUpstream(answerWith(200, '[]')));
  const program = starting.use(
    startProgram(['--port', '0', ...args], { LETTA_BASE_URL: upstream.baseUrl, ...env }),
  );
  const url = await program.url;
  const parts = starting.move();
  return { upstream, program, url, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

const messagesOf = ({ logged }: Program) =>
  logged()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

it('Files of secrets and prices are read again when they change, and no request of a token that stays fails', async () => {
  using folder = newFolder();
  using another = newFolder();
  const secret = await mountSecret(folder.path, { tokens: 'app:old\napp:new\n' });
  const keys = await mountSecret(another.path, { key: 'key-1\n' });
  const prices = another.file('prices.json', '{"currency": "USD", "models": {}}');
  await using server = await startGateway({
    PRICES: prices,
    ACCESS_TOKENS_FILE: secret.path('tokens'),
    LETTA_API_KEY_FILE: keys.path('key'),
  });
  const { url, upstream, program } = server;
  let token = 'old';
  const stop = new AbortController();
  const clients = [askOn(url, () => token, stop), askOn(url, () => 'new', stop)];
  await expect.poll(() => ask(url, 'old'), PATIENCE).toBe(200);
  token = 'new';
  await secret.replace({ tokens: 'app:new,other:third' });
  await expect.poll(() => ask(url, 'old'), PATIENCE).toBe(401);
  expect(await ask(url, 'third')).toBe(200);
  await keys.replace({ key: 'key-2' });
  await expect.poll(() => upstream.heads.at(-1), PATIENCE).toContain('authorization: Bearer key-2');
  expect(await ask(url, 'new')).toBe(200);
  stop.abort();
  expect(await Promise.all(clients)).toEqual([new Set([200]), new Set([200])]);

  another.file('prices.json', '{}');
  await expect.poll(program.logged, PATIENCE).toContain('The prices were not replaced');
  // What can't be used changes nothing, and is named, but not shown.
  await Promise.all([secret.replace({ tokens: 'sec ret' }), keys.replace({ key: '' })]);
  const refused = () => messagesOf(program).find(({ msg }) => msg.startsWith('The secrets were not'));
  await expect.poll(refused, PATIENCE).toMatchObject({
    msg: 'The secrets were not replaced; the old secrets stay in effect',
    problems: [
      `LETTA_API_KEY_FILE: ${keys.path('key')}: expected visible ASCII characters, but got ""`,
      expect.stringMatching(/^ACCESS_TOKENS_FILE: .* but got something else \(not shown\)$/),
    ],
  });
  expect(await ask(url, 'new')).toBe(200);
  await Promise.all([secret.replace({ tokens: 'app:fourth' }), keys.replace({ key: 'key-2' })]);
  await expect.poll(() => ask(url, 'fourth'), PATIENCE).toBe(200);
  // Each of them is watched.
  await keys.replace({ key: 'key-3' });
  await expect.poll(() => ask(url, 'fourth').then(() => upstream.heads.at(-1)), PATIENCE).toContain('key-3');
  await secret.replace({ tokens: 'app:fifth' });
  await expect.poll(() => ask(url, 'fifth'), PATIENCE).toBe(200);
  expect(program.logged()).not.toMatch(/sec ret|fourth|third|key-\d/);
});

it('SIGHUP makes the program read its files again, and serve on; a second SIGTERM ends it at once', async () => {
  const env = { ACCESS_TOKENS: 'a', LETTA_API_KEY: 'k', DRAIN_GRACE_MS: '600000' };
  await using server = await startGateway(env);
  const ready = async () => (await fetch(`${server.url}/ready`)).status;
  server.program.process.kill('SIGHUP');
  expect(await ask(server.url, 'a')).toBe(200);
  expect(await ready()).toBe(200);
  server.program.process.kill('SIGTERM');
  await expect.poll(ready).toBe(503);
  server.program.process.kill('SIGTERM');
  expect((await server.program.ended).code).toBe(null);
});

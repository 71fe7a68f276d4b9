import { expect, it, vi } from 'vitest';
import { reload } from '../../src/cli/reload.ts';
import { examineConfig } from '../../src/config/config.ts';
import { recordedLog } from '../support/recorded-log.ts';

const BEFORE = { LETTA_BASE_URL: 'http://a.test', LETTA_API_KEY: 'key-a', ACCESS_TOKENS: 'one' };

it.each([
  ['is taken over', {}, ['one', 'two'], 'key-b'],
  [
    'stays with its upstream, if there is another one',
    { LETTA_BASE_URL: 'http://b.test' },
    ['one', 'two'],
    undefined,
  ],
])('A new API key %s', (_name, others, accessTokens, apiKey) => {
  const replaceSecrets = vi.fn();
  const { log, lines } = recordedLog();
  const after = { ...BEFORE, LETTA_API_KEY: 'key-b', ACCESS_TOKENS: 'one,two', ...others };
  const reloadPrices = vi.fn();
  reload(
    { replaceSecrets, reloadPrices },
    examineConfig({}, BEFORE).config,
    () => examineConfig({}, after),
    log,
  );
  const given = { accessTokens, readOnlyAccessTokens: [], routerSecrets: [], ...(apiKey && { apiKey }) };
  expect(replaceSecrets.mock.calls).toEqual([[given]]);
  expect(lines).toHaveLength(1);
  expect(reloadPrices).toHaveBeenCalledOnce();
});

import { env } from 'node:process';
import { test } from 'vitest';
import { ADDRESS_VARIABLES } from './arguments.ts';
import { describeRunsApi } from './runs-api-contract.ts';

const baseUrl = env[ADDRESS_VARIABLES.upstream];
const apiKey = env[ADDRESS_VARIABLES.apiKey];
const profile = env[ADDRESS_VARIABLES.profile] === 'cloud' ? 'cloud' : 'self-hosted';
const userId = env[ADDRESS_VARIABLES.userId];
const notOurs = 'the server may be in use by others';

if (baseUrl === undefined) {
  test.skip('a server at an address (skipped: none given; npm run test:contract -- --upstream URL)', () => {});
} else {
  describeRunsApi({
    name: `the runs API at ${baseUrl}`,
    open: async () => ({ baseUrl, profile, apiKey, userId, async [Symbol.asyncDispose]() {} }),
    skip: {
      otherMethods: notOurs,
      wrongKey: notOurs,
      autoPagination: 'it could read the whole list of the server',
      ...(userId !== undefined && { gateway: 'the gateway never passes user_id on' }),
    },
  });
}

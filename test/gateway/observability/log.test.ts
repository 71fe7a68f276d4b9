import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { stopClock } from '../../support/clock.ts';
import { runAt } from '../../support/live-runs.ts';
import { openGateway, openGatewayOver } from '../../support/open-gateway.ts';
import { randomRuns } from '../../support/random-runs.ts';
import { recordedLog } from '../../support/recorded-log.ts';
import { RUN_FIELDS } from '../../support/run-fields.ts';
import { watchRuns } from '../../support/watch.ts';

const LIST = '{ runs { nodes { id } } }';
const MINE = { 'x-request-id': 'mine', authorization: 'Bearer secret-token' };
const DIGEST = expect.stringMatching(/^[\da-f]{10}$/);
const RUN = { id: 'run-1', agent_id: 'agent-1', created_at: '2025-01-01T00:00:00Z' };

describe('The log', () => {
  it('has one line for an operation: name, code, duration, requests, bytes, caller and document', async () => {
    const { log, lines } = recordedLog();
    await using test = await openGateway({ runs: randomRuns(30, 1), config: { log } });
    const paged =
      'query Paged($secret: ID) { runs(first: 1, agentId: $secret) { nodes { id } } run(id: "run-11111111") { id } }';
    const named = { ...MINE, 'graphql-client-name': 'phone', 'graphql-client-version': '7' };
    await test.execute(paged, { secret: 'agent-of-a-customer' }, named);
    for (const query of ['{ runs(first: -1) { nodes { id } } }', '{ nonsense }', '{']) {
      await test.execute(query, {}, MINE);
    }
    const line = (fields: object) => ({
      level: 'info',
      message: 'Operation',
      fields: expect.objectContaining({
        requestId: 'mine',
        durationMs: expect.any(Number),
        bytes: expect.any(Number),
        caller: DIGEST,
        upstreamRequests: 0,
        ...fields,
      }),
    });
    const about = { documentHash: hash('sha256', paged), client: 'phone', clientVersion: '7' };
    expect(lines).toEqual([
      line({ operation: 'Paged', code: 'OK', upstreamRequests: 2, ...about }),
      line({ code: 'BAD_USER_INPUT' }),
      line({ code: 'GRAPHQL_VALIDATION_FAILED' }),
      line({ code: 'GRAPHQL_PARSE_FAILED' }),
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/secret|customer/);
  });

  it('says what clients are not told about a failing upstream, once for each look-up', async () => {
    const { log, lines } = recordedLog();
    await using test = await openGateway({ runs: randomRuns(30, 1), agents: [], config: { log } });
    const { errors } = await test.execute('{ runs { nodes { agent { name tags } } } }', {}, MINE);
    expect(errors).toHaveLength(60);
    const agents = new Set(randomRuns(30, 1).map((run) => run.agent_id));
    expect(lines.filter(({ message }) => message === 'Upstream error')).toHaveLength(agents.size);
    lines.length = 0;
    test.upstream.script = () => ({ status: 403, body: { detail: 'actor-4711: secret-token' } });
    await test.execute(LIST, {}, MINE);
    expect(lines[0]).toMatchObject({
      level: 'warn',
      message: 'Upstream error',
      fields: {
        requestId: 'mine',
        code: 'FORBIDDEN',
        caller: DIGEST,
        reason: 'GET /v1/runs/: answered 403: {"detail":"actor-4711: [redacted]"}',
      },
    });
  });

  it('names the code, the reason and the caller of a refusal, by a digest or the label of a token', async () => {
    const { log, lines } = recordedLog();
    await using test = await openGateway({
      config: { accessTokens: ['right-token', 'alice:her-token'], rateLimit: 2, log },
    });
    for (const token of ['wrong-token', 'her-token', 'right-token', 'right-token', 'right-token']) {
      await test.execute('{ __typename }', {}, { ...MINE, authorization: `Bearer ${token}` });
    }
    expect(
      lines.map(({ message, fields: { code, caller, reason } }) => [message, code, caller, reason]),
    ).toEqual([
      ['Refused', 'UNAUTHENTICATED', undefined, expect.stringMatching(/access token/)],
      ['Operation', 'OK', 'alice', undefined],
      ['Operation', 'OK', DIGEST, undefined],
      ['Operation', 'OK', DIGEST, undefined],
      ['Refused', 'RATE_LIMITED', DIGEST, expect.stringMatching(/limit of 2/)],
    ]);
    expect(JSON.stringify(lines)).not.toContain('-token');
  });

  it('has one line when a stream ends: why, after how many events', async () => {
    const clock = stopClock('2026-01-01T00:15:00Z');
    const { log, lines } = recordedLog();
    await using test = await openGateway({ runs: [runAt(1, 890)], config: { log } });
    const [left] = ['left', 'drained'].map((id) =>
      watchRuns(test.gateway, '', { headers: { ...MINE, 'x-request-id': id } }),
    );
    await clock.pass(3000);
    test.store.insert([runAt(2, 899)]);
    await clock.pass(3000);
    await left?.close();
    await clock.pass(100);
    test.gateway.startDraining(0);
    await clock.pass(100);
    const ended = lines.filter(({ message }) => message === 'Stream ended').map(({ fields }) => fields);
    const common = { events: 1, caller: DIGEST, reason: expect.any(String), durationMs: expect.any(Number) };
    expect(ended).toEqual([
      { ...common, requestId: 'left', code: 'OK' },
      { ...common, requestId: 'drained', code: 'SUBSCRIPTION_DRAINED', events: expect.any(Number) },
    ]);
  });

  it('has each difference from the known release once, and the metrics count them', async () => {
    const { log, lines } = recordedLog();
    const row = { ...RUN, status: 'paused', stop_reason: 'bored', mood: 'good' };
    await using test = await openGatewayOver(() => ({ body: [row] }), { log });
    for (let turn = 0; turn < 3; turn++) await test.execute(LIST);
    const missing = Object.keys(RUN_FIELDS).filter((name) => !(name in row));
    const drift = lines.filter(({ message }) => message.startsWith('The upstream differs'));
    expect(drift.map(({ fields }) => `${String(fields['kind'])} ${String(fields['value'])}`)).toEqual([
      'status paused',
      'stop_reason bored',
      'new_field mood',
      ...missing.map((name) => `missing_field ${name}`),
    ]);
    expect(await test.gateway.metrics.registry.metrics()).toContain(
      'runs_gateway_upstream_drift_total{kind="status"} 1\n',
    );
  });

  it('has a note in place of a new value or key that is no name, such as a credential', async () => {
    const { log, lines } = recordedLog();
    const secrets = ['Bearer sk-let-0123456789', 'sk-let-0123456789', 'abcdefghijklmnopqrstuvwxyz', 'A1B2'];
    const rows = secrets.map((secret) => ({ ...RUN, status: secret, [secret]: 1 }));
    let turn = 0;
    await using test = await openGatewayOver(() => ({ body: [rows[turn]] }), { log, rowCopying: false });
    for (; turn < secrets.length; turn++) await test.execute(LIST);
    const drift = lines.filter(({ message }) => message.startsWith('The upstream differs'));
    const values = drift.map(({ fields }) => `${String(fields['kind'])} ${String(fields['value'])}`);
    const ofValues = values.filter((value) => !value.startsWith('missing_field'));
    expect(ofValues).toEqual(['status [not a name]', 'new_field [not a name]']);
    for (const secret of secrets) expect(JSON.stringify(lines)).not.toContain(secret);
  });
});

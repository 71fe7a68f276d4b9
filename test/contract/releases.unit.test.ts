import { expect, it } from 'vitest';
import { SERVERS } from '../../src/doctor/servers.ts';
import { has } from './releases.ts';

const RELEASES = SERVERS.filter(({ name }) => /^\d/.test(name));

it.each(RELEASES)('The suite expects of $name what its traits say', ({ name, traits }) => {
  const there = (what: string): boolean => has({ version: name }, what);
  const isThere = (trait: string): boolean => trait === 'there';
  expect({
    conversations: [there('run.conversation_id'), there('runs?conversation_id')],
    model: there('agent.model'),
    stepDetails: [there('step.model_handle'), there('step.cached_input_tokens')],
    dates: there('internal?start_date'),
    runsLimit: there('a limit up to 1000'),
    stopReasons: [
      there('runs?stop_reason=max_tokens_exceeded'),
      there('runs?stop_reason=insufficient_credits'),
    ],
  }).toEqual({
    conversations: [isThere(traits.conversations), isThere(traits.conversations)],
    model: isThere(traits.model),
    stepDetails: [isThere(traits.stepDetails), isThere(traits.stepDetails)],
    dates: isThere(traits.internalList),
    runsLimit: traits.runsLimit === '1,000',
    stopReasons: [!traits.stopReasons.includes('MAX_TOKENS'), traits.stopReasons === 'all 13'],
  });
});

it('A server without a version has everything', () => {
  expect(has({ version: undefined }, 'run.conversation_id')).toBe(true);
});

import * as fc from 'fast-check';
import { beforeEach } from 'vitest';

/**
 * Lets no property take longer than this part of its test's time limit: on a busy machine fewer cases are checked,
 * and a counterexample is shrunk less. A case that runs is waited for, so that it disturbs no other test.
 */
const SHARE = 0.6;

const now = performance.now.bind(performance);
let deadline = Infinity;

beforeEach(({ task }) => {
  deadline = now() + SHARE * task.timeout;
});

fc.installGlobalPlugin(() => {
  let isFirst = true;
  return {
    decorateRun: (run) => (value) => {
      if (!isFirst && now() > deadline) return new fc.PreconditionFailure(true);
      isFirst = false;
      return run(value);
    },
  };
});

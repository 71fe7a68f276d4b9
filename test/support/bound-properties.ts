import * as fc from 'fast-check';
import { beforeEach } from 'vitest';

/**
 * Lets no property take longer than this part of its test's time limit: on a busy machine fewer cases are checked,
 * and a counterexample is shrunk less. A case that runs is waited for, so that it disturbs no other test.
 */
const SHARE = 0.6;

declare global {
  /** When the running test has to stop checking cases. Files that share a worker share it, as they do fast-check. */
  var propertyDeadline: number | undefined;
}

const now = performance.now.bind(performance);

beforeEach(({ task }) => {
  globalThis.propertyDeadline = now() + SHARE * task.timeout;
});

if (globalThis.propertyDeadline === undefined) {
  globalThis.propertyDeadline = Infinity;
  fc.installGlobalPlugin(<Value>(): fc.PluginInstance<Value> => {
    let isFirst = true;
    return {
      decorateRun: (run) => (value) => {
        if (!isFirst && now() > (globalThis.propertyDeadline ?? Infinity)) {
          return new fc.PreconditionFailure(true);
        }
        isFirst = false;
        return run(value);
      },
    };
  });
}

import type { Context } from '../../loaders/context.ts';
import {
  causeOf,
  codeOf,
  type FailedRun,
  FAILURE_SOURCES,
  hasFailed,
  lastFailedStep,
  lastToolError,
  type ToolError,
} from '../../runs/failures.ts';
import { MAX_FAILURE_MESSAGE } from '../../runs/limits.ts';
import type { Run } from '../../runs/run.ts';
import { builder, LOOKED_UP } from '../builder.ts';
import { enumOf } from '../enums.ts';
import { stepsOf } from '../run-usage.ts';
import { RunStepRef } from './run-step.ts';

const RunFailureSourceEnum = enumOf(
  'RunFailureSource',
  'What says why a run failed. It is looked for in this order.',
  FAILURE_SOURCES,
);

const ONE_LINE = `one line of at most ${MAX_FAILURE_MESSAGE} characters`;

const RunToolErrorRef = builder.objectRef<ToolError>('RunToolError').implement({
  description: 'An error that a tool returned to its agent.',
  fields: (t) => ({
    toolName: t.exposeString('toolName', {
      nullable: true,
      description: 'The name of the tool; null if the run does not show which one it was.',
    }),
    message: t.exposeString('message', {
      nullable: true,
      description: `The error, ${ONE_LINE}; null if it has no text.`,
    }),
  }),
});

export const RunFailureRef = builder.objectRef<FailedRun>('RunFailure').implement({
  description: 'Why a run failed or was cut short.',
  fields: (t) => ({
    message: t.string({
      description: `What a person would say, ${ONE_LINE}. All that is stored is in \`Run.metadata\`, or in the \`errorData\` of \`step\`.`,
      resolve: async (failed) => (await causeOf(failed)).message,
    }),
    code: t.string({
      nullable: true,
      description:
        'A name by which failures can be grouped: the stop reason of the run, or of `step`, such as LLM_API_ERROR; if these say no more than ERROR, the `errorType` of `step`. Null if none of them names a failure: END_TURN and other reasons of runs that did not fail are left out.',
      resolve: codeOf,
    }),
    source: t.field({
      type: RunFailureSourceEnum,
      description: 'Where the message was found.',
      resolve: async (failed) => (await causeOf(failed)).source,
    }),
    step: t.field({
      type: RunStepRef,
      nullable: true,
      description: 'The last step that failed; null if none did.',
      resolve: ({ readStep }) => readStep(),
    }),
    toolError: t.field({
      ...LOOKED_UP,
      type: RunToolErrorRef,
      description:
        'The last error of a tool before the run failed, whether or not it is why. It takes the upstream requests of `Run.messages`. Null if there was none among the messages that the run returns.',
      resolve: async ({ run }, _args, { lookUps }) =>
        lastToolError((await lookUps.messages(run.id).read()).items),
    }),
  }),
});

/** Returns what is looked up of a failure once it is selected; null unless the run failed or was cut short. */
export function failureOf(run: Run, context: Context): FailedRun | null {
  return hasFailed(run) ? failedRunOf(run, context) : null;
}

/** Returns what is looked up of the failure of a run that failed or was cut short. */
export function failedRunOf(run: Run, context: Context): FailedRun {
  context.runById.remember([run]);
  return { run, readStep: async () => lastFailedStep(await stepsOf(run.id, context)) };
}

import { CancelButton } from '../components/cancel-button.tsx';
import { Fold } from '../components/fold.tsx';
import { LongText } from '../components/long-text.tsx';
import { StateLabel } from '../components/run-labels.tsx';
import { type Facts, RUN } from '../documents/run.ts';
import { brief, words } from '../format/text.ts';
import { ENDPOINT } from '../page-options.ts';
import { hasNotableStopReason, stateOf } from '../runs/states.ts';
import type { RunProps } from './facts.tsx';
import { shownStateOf } from './pause.ts';
import { StepLink } from './waterfall.tsx';

interface Props {
  readonly run: Facts;
  readonly name: string;
  /** Reads the run again. */
  readonly reload: () => void;
}

/** The name and state of a run, a link to GraphiQL, and a button that cancels the run. */
export function RunHead({ run, name, reload }: Props) {
  // GraphiQL takes no variables from links.
  const query = RUN.text.replace('$id: ID!', `$id: ID! = ${JSON.stringify(run.id)}`);
  const { conversationId, approval } = run;
  const isWaiting = conversationId === null && approval?.state === 'PENDING';
  return (
    <header class="run-head line">
      <h1>{name}</h1>
      <StateLabel state={shownStateOf(run)} rawStatus={run.rawStatus} />
      <code class="muted">{run.id}</code>
      <div class="actions line">
        <a href={`${ENDPOINT}?${new URLSearchParams({ query })}`} target="_blank" rel="noopener">
          Open in GraphiQL
        </a>
        <CancelButton run={run} isWaiting={isWaiting} onDone={reload} />
      </div>
    </header>
  );
}

/** How a run ended, and why. Nothing for a run that ended as usual. */
export function Outcome({ run, errors }: RunProps) {
  const error = errors.find(({ path = [] }) => path[1] === 'failure');
  const content = run.failure
    ? contentOf(run.failure, run.metadata)
    : hasNotableStopReason(run) && <h2>Stopped: {words(run.rawStopReason ?? '')}</h2>;
  return (
    (content || error) && (
      <section class="outcome card" data-state={stateOf(run)}>
        {content} {error && <p class="bad">Why could not be read: {error.message}</p>}
      </section>
    )
  );
}

function contentOf(failure: NonNullable<Facts['failure']>, metadata: unknown) {
  const { message, code, source, step, toolError } = failure;
  const stored: unknown = source === 'METADATA' ? Object(metadata).error : step?.errorData;
  const tool = toolError?.message;
  return (
    <>
      <h2>{brief(message, 300)}</h2>
      <p class="line muted">
        {code && <code>{brief(code)}</code>}
        {typeof step?.index === 'number' && <StepLink position={step.index + 1} />}
      </p>
      {tool && tool !== message && (
        <p class="line">
          The last error of <code>{brief(toolError.toolName ?? 'a tool')}</code>:{' '}
          <code>{brief(tool, 300)}</code>
        </p>
      )}
      {stored && stored !== message && (
        <Fold title="Full error">
          <LongText value={stored} />
        </Fold>
      )}
    </>
  );
}

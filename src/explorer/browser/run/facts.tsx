import type { ResponseError } from '../../../client/api-error.ts';
import { Definitions } from '../components/definitions.tsx';
import { Fold } from '../components/fold.tsx';
import { linkTo } from '../components/link.tsx';
import { LongText } from '../components/long-text.tsx';
import { RunLink, Time, Took } from '../components/run-labels.tsx';
import type { Facts } from '../documents/run.ts';
import { brief, costText, number, words } from '../format/text.ts';
import { duration, shortTime } from '../format/time.ts';
import { type ComponentChildren } from '../preact.ts';
import { isActive } from '../runs/states.ts';

export interface RunProps {
  readonly run: Facts;
  /** The errors of fields that could not be read. */
  readonly errors: readonly ResponseError[];
}

/** The fields of a run that aren't its steps and messages. */
export function FactList({ run, errors }: RunProps) {
  const { agent, agentId, metrics, usage, cost, createdAt, completedAt, conversationId } = run;
  const conversation = conversationId ?? `default-${agentId}`;
  const took = isActive(run) ? 'Running for' : 'Took';
  const waitedNs = metrics?.startedAt ? (Date.parse(metrics.startedAt) - Date.parse(createdAt)) * 1e6 : 0;
  const timed = { ...run, totalDurationNs: run.totalDurationNs ?? metrics?.durationNs ?? null };
  const failed = (field: keyof Facts): ComponentChildren => {
    const error = errors.find(({ path = [] }) => path[1] === field);
    return error && <span class="bad">could not be read: {error.message}</span>;
  };
  const facts: readonly (readonly [string, ComponentChildren])[] = [
    ['Agent', [linkTo(`agents/${agentId}`, brief(agent?.name ?? agentId)), !agent && failed('agent')]],
    [
      'Created',
      <>
        <Time at={createdAt} /> <span class="muted">{shortTime(createdAt)}</span>
      </>,
    ],
    ['Waited to start', waitedNs > 1e9 && duration(waitedNs)],
    ['Ended', completedAt && <Time at={completedAt} />],
    [took, <Took run={timed} />],
    ['Time to first token', run.ttftNs !== null && duration(run.ttftNs)],
    ['Tokens', usage ? <Tokens usage={usage} /> : failed('usage')],
    ['Cost', cost ? costText(cost) : failed('cost')],
    ['Models', usage?.byModel.map(modelText)],
    ['Conversation', linkTo(`conversations/${conversation}#${run.id}`, codeOf(conversation))],
    ['Turn', run.turn ? turnList(run, run.turn) : failed('turn')],
    ['Template', run.baseTemplateId && codeOf(run.baseTemplateId)],
    ['In background', run.background && 'yes'],
    ['Keeps only', run.requestConfig?.includeReturnMessageTypes?.map((type) => words(type)).join(', ')],
    ['Callback', run.callbackUrl && <Callback run={run} />],
  ];
  return (
    <section class="facts" aria-label="Facts">
      <Definitions of={facts} />
      {run.metadata !== null && (
        <Fold title="Metadata" isOpen={matchMedia('(min-width: 901px)').matches}>
          <LongText value={run.metadata} />
        </Fold>
      )}
    </section>
  );
}

const codeOf = (id: string): ComponentChildren => <code>{brief(id)}</code>;

type Usage = NonNullable<Facts['usage']>;

function Tokens({ usage }: { readonly usage: Usage }) {
  const counts = Object.entries({
    sent: usage.promptTokens,
    'of these cached': usage.cachedInputTokens,
    written: usage.completionTokens,
    'of these for reasoning': usage.reasoningTokens,
  });
  return (
    <>
      {number(usage.totalTokens)}
      <ul class="muted">
        {counts.map(
          ([label, count]) =>
            count !== null && (
              <li>
                {number(count)} {label}
              </li>
            ),
        )}
      </ul>
    </>
  );
}

/** The runs of the turn, if there are others. */
const turnList = ({ id }: Facts, { runs, isComplete }: NonNullable<Facts['turn']>): ComponentChildren =>
  runs.length > 1 && [
    ...runs.map((run) => <div>{run.id === id ? 'this run' : <RunLink id={run.id} />}</div>),
    !isComplete && 'and perhaps others',
  ];

const modelText = ({ model, stepCount }: Usage['byModel'][number]): ComponentChildren => (
  <div>
    {brief(model ?? 'unknown')}
    <span class="muted">
      {number(stepCount)} {stepCount === 1 ? 'step' : 'steps'}
    </span>
  </div>
);

function Callback({ run }: Pick<RunProps, 'run'>) {
  const { callbackUrl, callbackSentAt, callbackStatusCode: code, callbackError } = run;
  const isDelivered = code !== null && code >= 200 && code < 300;
  const status = code === null ? '' : ` (status ${code})`;
  const outcome = callbackSentAt === null ? 'not sent yet' : `${isDelivered ? '' : 'not '}delivered${status}`;
  return (
    <>
      <code>{brief(callbackUrl ?? '', 500)}</code>
      <div class={isDelivered || callbackSentAt === null ? '' : 'bad'}>{outcome}</div>
      {callbackSentAt !== null && (
        <div>
          <Time at={callbackSentAt} />
        </div>
      )}
      {callbackError !== null && <div class="bad">{brief(callbackError, 500)}</div>}
    </>
  );
}

import { Fold } from '../components/fold.tsx';
import { LongText } from '../components/long-text.tsx';
import type { Message, Step } from '../documents/run.ts';
import { brief, words } from '../format/text.ts';
import { clockTime, fullTime } from '../format/time.ts';
import { useMemo } from '../preact.ts';
import { pairCalls } from './pair-calls.ts';
import { Call, Decision, Result } from './tool-calls.tsx';
import { StepLink } from './waterfall.tsx';

type ByType = Partial<Record<Message['messageType'], string>>;
/** Labels of messages that differ from the name of the type. */
const LABELS: ByType = { TOOL_RETURN_MESSAGE: 'Tool result', APPROVAL_RESPONSE_MESSAGE: 'Approval' };
/** Titles of folded messages. Reasoning and events have titles of their own. */
const TITLES: ByType = { SYSTEM_MESSAGE: 'Instructions', UNRECOGNIZED: 'A new type of message' };

interface Props {
  readonly messages: readonly Message[];
  readonly steps: readonly Step[];
}

/** The messages of a run, with its tool calls. */
export function Conversation({ messages, steps }: Props) {
  return useMemo(() => {
    const results = pairCalls(messages, ({ toolReturns }) => toolReturns);
    const approvals = pairCalls(messages, (message) => message.approvals);
    const shownResults = new Set(results.values());
    const numbers = new Map(steps.map(({ id, index }) => [id, index === null ? undefined : index + 1]));
    return (
      <ol class="messages">
        {messages.map((message) => {
          const { id, messageType, date, stepId, isError, toolCalls = [], toolReturns = [] } = message;
          const others = toolReturns.filter((result) => !shownResults.has(result));
          // The results are shown with their calls.
          if (messageType === 'TOOL_RETURN_MESSAGE' && toolReturns.length > 0 && others.length === 0)
            return null;
          const number = numbers.get(stepId ?? '');
          return (
            <li key={id} data-type={messageType} class={isError ? 'is-error' : ''}>
              <p class="line muted">
                <strong>{LABELS[messageType] ?? words(messageType.replace(/_MESSAGE$/, ''))}</strong>
                {date !== null && (
                  <time datetime={date} title={fullTime(date)}>
                    {clockTime(date)}
                  </time>
                )}
                {number !== undefined && <StepLink position={number} />}
              </p>
              <Body message={message} />
              {toolCalls.map((call) => (
                <Call call={call} result={results.get(call)} approval={approvals.get(call)} />
              ))}
              {message.approvals?.map((approval) => (
                <Decision approval={approval} />
              ))}
              {others.map((result) => (
                <Result result={result} />
              ))}
            </li>
          );
        })}
      </ol>
    );
  }, [messages, steps]);
}

/** The content of a message without its calls and results. */
function Body({ message }: { readonly message: Message }) {
  const { messageType, text, parts = [], reasoning, summary, state, eventType, eventData, raw } = message;
  const images = parts.filter(({ __typename }) => __typename === 'RunImagePart').length;
  const value = text ?? reasoning ?? summary ?? eventData ?? raw;
  const title = TITLES[messageType] ?? eventType ?? brief(reasoning ?? '', 160);
  const content = value && <LongText value={value} />;
  return (
    <>
      {content && title ? <Fold title={title}>{content}</Fold> : content}
      {messageType === 'HIDDEN_REASONING_MESSAGE' && (
        <p class="muted">{words(state ?? 'hidden')} by the provider.</p>
      )}
      {images > 0 && <p class="muted">{images === 1 ? 'An image' : `${images} images`}, not shown here.</p>}
    </>
  );
}

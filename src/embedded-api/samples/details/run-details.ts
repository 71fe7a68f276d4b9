import type { NewMessage } from '../../model/message.ts';
import type { RunDetails } from '../../model/run-details.ts';
import { requestContent } from './answer-lines.ts';
import { type Cast, castOf, type ToldRun } from './cast.ts';
import { linesOf } from './event-lines.ts';
import type { Line } from './line.ts';
import { endingOf, eventsBefore } from './plot.ts';
import { stepMetricsRow, stepRow } from './step-rows.ts';
import { type Timeline, timelineOf } from './timeline.ts';

/** After how many steps a conversation is summarised. */
const SUMMARISED_AFTER = 40;

/** Makes what happened in a sample run, as its row tells. The same row always gives the same. */
export function sampleDetails(run: ToldRun): RunDetails {
  const cast = castOf(run);
  const count = stepCount(cast);
  const timeline = timelineOf(run, count);
  const ids = Array.from({ length: count }, () => cast.newId('step'));
  const ended = ids.filter((_, at) => at < count - 1 || run.status !== 'running');
  return {
    steps: ids.map((id, at) => stepRow(cast, id, at, count, timeline)),
    metrics: ended.map((id, at) => stepMetricsRow(cast, id, at, timeline)),
    messages: messagesOf(cast, ids, timeline),
  };
}

/** As many as the metrics of the run say; of one that wasn't measured or hasn't ended, a few. */
function stepCount({ run, random }: Cast): number {
  if (run.status === 'created') return 0;
  if (run.status === 'running') return random.between(1, 4);
  return run.num_steps === null ? random.between(1, 5) : Number(run.num_steps);
}

function messagesOf(cast: Cast, stepIds: readonly string[], timeline: Timeline): NewMessage[] {
  const { run, random } = cast;
  const { event: last } = endingOf(run.status, run.stop_reason);
  const before = Math.max(0, stepIds.length - 1);
  const events = [
    ...eventsBefore(random, before, run.status === 'failed'),
    ...(stepIds.length > 0 ? [last] : []),
  ];
  const message = ({ part, ...line }: Line, step: number): NewMessage => ({
    id: cast.newId('message'),
    run_id: run.id,
    agent_id: run.agent_id,
    organization_id: run.organization_id,
    step_id: stepIds[step] ?? null,
    created_at: timeline.at(step, part),
    ...line,
  });
  const opening = {
    part: 0,
    role: 'user',
    step_id: null,
    otid: random.uuid(),
    content: requestContent(cast),
  };
  return [
    message(opening, 0),
    ...events.flatMap((event, step) => [
      ...(step === SUMMARISED_AFTER ? [message(summary(step), step)] : []),
      ...linesOf(cast, event, step).map((line) => message(line, step)),
    ]),
  ];
}

/** What stands for the messages that no longer fit into the context of the model. */
function summary(steps: number): Line {
  const message = `Note: prior messages have been hidden from view. Summary: ${steps} steps of looking things up.`;
  const content = [{ type: 'text', text: JSON.stringify({ type: 'system_alert', message, time: 'now' }) }];
  return { part: 0.01, role: 'summary', step_id: null, content };
}

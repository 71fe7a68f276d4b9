import { Definitions } from '../components/definitions.tsx';
import { Fold } from '../components/fold.tsx';
import { LongText } from '../components/long-text.tsx';
import type { Step } from '../documents/run.ts';
import { brief, number, words } from '../format/text.ts';
import { duration } from '../format/time.ts';
import { type Bar, barsOf } from './step-bars.ts';

/** The segments of a bar; `other` is the color of the bar itself. */
const SEGMENTS = ['model', 'tools', 'other'];
const colorOf = (name: string) => ({ '--color': `var(--${name})` });
const percent = (part: number): string => `${100 * part}%`;

/** The steps of a run over time, each with the time for its model, for tools and for anything else. */
export function Waterfall({ steps }: { readonly steps: readonly Step[] }) {
  const bars = barsOf(steps);
  return (
    <>
      {bars.some((bar) => bar !== undefined) ? (
        <p class="segments line" aria-hidden="true">
          {SEGMENTS.map((name) => (
            <span class="swatch line" style={colorOf(name)}>
              {name}
            </span>
          ))}
        </p>
      ) : (
        <p class="muted">The runs API did not measure how long these steps took. They are in order.</p>
      )}
      <ol class="waterfall">
        {steps.map((step, index) => (
          <StepItem key={step.id} step={step} bar={bars[index]} />
        ))}
      </ol>
    </>
  );
}

function StepItem({ step, bar }: { readonly step: Step; readonly bar: Bar | undefined }) {
  const { status, rawStatus, stopReason, timing, errorType, totalTokens } = step;
  const model = brief(step.model ?? 'unknown model');
  const place = step.index === null ? '' : step.index + 1;
  const tools = step.toolNames?.join(', ');
  const { totalNs, modelNs, toolNs } = timing ?? {};
  const measured = Object.entries({ model: modelNs, tools: toolNs }).filter(([, ns]) => ns);
  const parts = measured.map(([name, ns]) => `${name} ${duration(ns)}`).join(', ');
  const title = (
    <>
      <span class="muted">{place}</span>
      <span class="line">
        {tools ? <code>{brief(tools, 200)}</code> : model}
        {status === 'FAILED' && <strong class="bad">{brief(errorType ?? 'failed')}</strong>}
        {(status === 'PENDING' || status === 'CANCELLED') && <span class="muted">{words(status)}</span>}
      </span>
      <span class="bar" aria-hidden="true" title={parts}>
        {bar && (
          <span data-status={status} style={{ marginLeft: percent(bar.start), width: percent(bar.length) }}>
            {measured.map(([name, ns]) => (
              <i style={{ ...colorOf(name), width: percent((ns ?? 0) / (totalNs ?? 1)) }} />
            ))}
          </span>
        )}
      </span>
      <span class="took">
        {duration(totalNs)}
        <span class="hidden">{parts}</span>
      </span>
    </>
  );
  const sent = number(step.promptTokens ?? 0);
  const facts = Object.entries({
    Status: words(rawStatus ?? status ?? 'unknown'),
    Model: model,
    Time: parts || 'not measured',
    'Stop reason': stopReason && words(stopReason),
    Tokens: totalTokens !== null && `${number(totalTokens)}, ${sent} of them sent`,
  });
  return (
    <li id={`step-${place}`}>
      <Fold title={title}>
        <Definitions of={facts} />
        {step.errorData !== null && <LongText value={step.errorData} />}
      </Fold>
    </li>
  );
}

/** A link that unfolds a step, without an entry in the history. @param position counted from 1 */
export function StepLink({ position }: { readonly position: number }) {
  const go = (event: MouseEvent): void => {
    event.preventDefault();
    const step = document.querySelector(`#step-${position} details`);
    step?.setAttribute('open', '');
    step?.querySelector('summary')?.focus();
  };
  return (
    <a href={`#step-${position}`} onClick={go}>
      step {position}
    </a>
  );
}

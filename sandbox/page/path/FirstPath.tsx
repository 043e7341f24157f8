import { type ReactNode, useState } from 'react';
import { type FirstSteps, STEPS, type StepName } from '../../first-steps-types.ts';
import { become } from '../parts/become.ts';
import { Icon } from '../parts/Icon.tsx';
import { Spinner } from '../parts/Spinner.tsx';
import { api } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';
import { adminOf, nextStep, sampleChannel, TITLES } from './steps.ts';

interface Props {
  steps: FirstSteps;
  /** Something changed that the page reads again. */
  onChange(): void;
  onBucket(): void;
  onTrouble(): void;
}

/** The way in: five things to try, ticked off as they happen. */
export function FirstPath({ steps, onChange, onBucket, onTrouble }: Props): ReactNode {
  const { complain } = useDesk();
  const [open, setOpen] = useState(false);
  const next = nextStep(steps);
  const hide = () => api.hideSteps(true).then(onChange, complain);
  return (
    <section className={`path ${open ? 'open' : ''}`} aria-label="First steps">
      <button
        type="button"
        className="path-count"
        aria-expanded={open}
        aria-label={`First steps, ${steps.done.length} of ${STEPS.length} done`}
        onClick={() => setOpen(!open)}
      >
        {steps.done.length} of {STEPS.length} <Icon name="down" size={12} />
      </button>
      <ol>
        {STEPS.map((step, at) => (
          <Step key={step} at={at + 1} step={step} steps={steps} current={step === next} />
        ))}
      </ol>
      {next ? (
        <NextAction step={next} onChange={onChange} onBucket={onBucket} onTrouble={onTrouble} />
      ) : (
        <span className="path-end">All five done. Now look around.</span>
      )}
      <button type="button" className="icon-button" aria-label="Hide the first steps" onClick={hide}>
        <Icon name="close" size={14} />
      </button>
      <span className="visually-hidden" role="status">
        {steps.done.length > 0 && (next ? `Next: ${TITLES[next]}` : 'All first steps are done')}
      </span>
    </section>
  );
}

interface StepProps {
  at: number;
  step: StepName;
  steps: FirstSteps;
  current: boolean;
}

function Step({ at, step, steps, current }: StepProps): ReactNode {
  const done = steps.done.includes(step);
  return (
    <li className={done ? 'done' : ''} aria-current={current ? 'step' : undefined}>
      <span className="path-sign" aria-hidden="true">
        {done ? '✓' : at}
      </span>
      {TITLES[step]}
      {done && <span className="visually-hidden"> (done)</span>}
    </li>
  );
}

/** The button that does the step for those who would rather click. */
function NextAction({
  step,
  onChange,
  onBucket,
  onTrouble,
}: Omit<Props, 'steps'> & { step: StepName }): ReactNode {
  const { me, workspace, complain, write, go } = useDesk();
  const [busy, setBusy] = useState(false);
  const channel = sampleChannel(workspace);
  const admin = adminOf(workspace);

  const share = async () => {
    if (!channel) return;
    setBusy(true);
    try {
      await api.samples(me.id, channel.id);
      await api.tick('drop');
      go({ kind: 'channel', id: channel.id });
      onChange();
    } catch (error) {
      complain(error);
    } finally {
      setBusy(false);
    }
  };
  const actions: Record<StepName, { label: string; does(): unknown } | null> = {
    drop: channel ? { label: 'Share six samples', does: share } : null,
    land: { label: 'Show the bucket', does: onBucket },
    find: { label: 'Type it for me', does: () => write('/vault budget') },
    admin: admin ? { label: `Become ${admin.real_name}`, does: () => become(admin.name) } : null,
    break: { label: 'Show switches', does: onTrouble },
  };
  const action = actions[step];
  if (!action) return null;
  return (
    <button
      type="button"
      className="button small path-action"
      aria-disabled={busy}
      aria-busy={busy}
      onClick={() => !busy && void action.does()}
    >
      <span>{action.label}</span>
      {busy && <Spinner />}
    </button>
  );
}

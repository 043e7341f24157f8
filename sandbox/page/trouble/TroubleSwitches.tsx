import type { ReactNode } from 'react';
import type { BotState } from '../../bucket-types.ts';
import type { Trouble } from '../../trouble-types.ts';
import { api } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';
import { TROUBLE_NAMES, TROUBLES } from './words.ts';

interface Props {
  trouble: Trouble;
  bot: BotState;
  onChange(): void;
}

/** Everything that can be unplugged by hand, to see how the bot reacts. */
export function TroubleSwitches({ trouble, bot, onChange }: Props): ReactNode {
  const { complain } = useDesk();
  const change = (changed: Promise<unknown>) => changed.then(onChange, complain);
  return (
    <section className="trouble" aria-label="Trouble">
      <h3>
        Trouble <span>watch it heal</span>
      </h3>
      {TROUBLE_NAMES.map((name) => (
        <label key={name} className={`trouble-row ${trouble[name] ? 'on' : ''}`}>
          <Words {...TROUBLES[name]} effectId={`trouble-${name}`} />
          <input
            type="checkbox"
            role="switch"
            className="switch"
            aria-label={TROUBLES[name].name}
            aria-describedby={`trouble-${name}`}
            aria-checked={trouble[name]}
            checked={trouble[name]}
            onChange={(event) => change(api.trouble({ [name]: event.currentTarget.checked }))}
          />
        </label>
      ))}
      <div className="trouble-row">
        <Words name="Kill the bot" effect="Like a power cut; it starts again." />
        <button
          type="button"
          className="button small danger"
          disabled={bot.pid === null}
          title="Ends the process at once (SIGKILL)"
          onClick={() => change(api.killBot())}
        >
          Kill
        </button>
      </div>
    </section>
  );
}

function Words({ name, effect, effectId }: { name: string; effect: string; effectId?: string }): ReactNode {
  return (
    <span className="trouble-words">
      {name}
      <span className="trouble-effect" id={effectId}>
        {effect}
      </span>
    </span>
  );
}

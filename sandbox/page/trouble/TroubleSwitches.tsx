import type { ReactNode } from 'react';
import type { BotState } from '../../bucket-types.ts';
import type { Trouble } from '../../trouble-types.ts';
import { api } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';
import { isSwitchable, TROUBLE_NAMES, TROUBLES, troubleInWords } from './words.ts';

interface Props {
  trouble: Trouble;
  bot: BotState;
  onChange(): void;
  /** Folded until somebody wants to break something; what is broken or stopped is always shown. */
  open: boolean;
  onOpen(open: boolean): void;
}

/** Everything that can be unplugged by hand, to see how the bot reacts. */
export function TroubleSwitches({ trouble, bot, onChange, open, onOpen }: Props): ReactNode {
  const { complain } = useDesk();
  const isStopped = bot.phase === 'stopped';
  const shown = open || isStopped || troubleInWords(trouble) !== '';
  const change = (changed: Promise<unknown>) => changed.then(onChange, complain);
  return (
    <section className="trouble" aria-label="Trouble">
      <h3>
        <button
          type="button"
          className="trouble-fold"
          aria-expanded={shown}
          aria-controls="trouble-switches"
          onClick={() => onOpen(!shown)}
        >
          Trouble <span>{shown ? 'watch it heal' : 'break something, watch it heal'}</span>
        </button>
      </h3>
      <div id="trouble-switches" hidden={!shown}>
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
        <div className="trouble-row">
          {isStopped ? (
            <Words name="Start the bot" effect="It is stopped until you do." />
          ) : (
            <Words name="Stop the bot" effect="Until you start it again, for an import." />
          )}
          <button
            type="button"
            className="button small"
            disabled={!isSwitchable(bot)}
            onClick={() => change(isStopped ? api.startBot() : api.stopBot())}
          >
            {isStopped ? 'Start' : 'Stop'}
          </button>
        </div>
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

import type { ReactNode } from 'react';
import type { BotState } from '../../bucket-types.ts';
import { api } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';

const WORDS: Record<BotState['phase'], string> = {
  running: 'The bot is running',
  restarting: 'The bot died; it starts again in a moment',
  stopping: 'The bot is stopping',
  stopped: 'The bot is stopped',
  misconfigured: 'The bot refuses its configuration',
};

/** How the bot process is, and a way to see what happens when it dies in the middle of its work. */
export function BotStatus({ bot }: { bot: BotState }): ReactNode {
  const { workspace, complain } = useDesk();
  // The process is there at once; it can work only when it has reached Slack.
  const starting = bot.phase === 'running' && !workspace.bot.connected;
  return (
    <div className="bot-status">
      <span className={`bot-light ${starting ? 'starting' : bot.phase}`} aria-hidden="true" />
      <span className="bot-words" role="status">
        {starting ? 'The bot is starting' : WORDS[bot.phase]}
        {bot.pid !== null && <span className="bot-pid"> (pid {bot.pid})</span>}
        {bot.restarts > 0 && (
          <span className="bot-pid">
            {' '}
            · started again {bot.restarts}×{bot.lastEnd && `, last end: ${bot.lastEnd}`}
          </span>
        )}
      </span>
      <button
        type="button"
        className="button small"
        disabled={bot.pid === null}
        title="Ends the process at once (SIGKILL), as a power cut would; the sandbox starts it again"
        onClick={() => api.killBot().catch(complain)}
      >
        Kill
      </button>
    </div>
  );
}

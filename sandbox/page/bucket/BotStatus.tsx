import type { ReactNode } from 'react';
import type { BotState } from '../../bucket-types.ts';
import type { Trouble } from '../../trouble-types.ts';
import { useDesk } from '../store/desk.ts';

const WORDS: Record<BotState['phase'], string> = {
  running: 'The bot is running',
  restarting: 'The bot died; it starts again in a moment',
  stopping: 'The bot is stopping',
  stopped: 'The bot is stopped',
  misconfigured: 'The bot refuses its configuration',
};

/** The state of the bot process. */
export function BotStatus({ bot, trouble }: { bot: BotState; trouble: Trouble }): ReactNode {
  const { workspace } = useDesk();
  // The process is there at once, but it can work only after it has reached Slack.
  const away = bot.phase === 'running' && !workspace.bot.connected;
  return (
    <div className="bot-status">
      <span className={`bot-light ${away ? 'starting' : bot.phase}`} aria-hidden="true" />
      <span className="bot-words" role="status">
        {away ? wordsAway(trouble) : WORDS[bot.phase]}
        {bot.pid !== null && <span className="bot-pid"> (pid {bot.pid})</span>}
        {bot.restarts > 0 && (
          <span className="bot-pid">
            {' '}
            · started again {bot.restarts}×{bot.lastEnd && `, last end: ${bot.lastEnd}`}
          </span>
        )}
      </span>
    </div>
  );
}

function wordsAway({ slackDown }: Trouble): string {
  return slackDown ? 'The bot cannot reach Slack' : 'The bot is starting';
}

import type { BotState } from '../../bucket-types.ts';
import type { Trouble } from '../../trouble-types.ts';

interface Words {
  name: string;
  /** What it does, in one line. */
  effect: string;
}

/** In the order of the switches. */
export const TROUBLES: Record<keyof Trouble, Words> = {
  s3Down: { name: 'S3 is down', effect: 'Every connection to it is cut.' },
  slackDown: { name: 'Slack’s API is down', effect: 'All that the bot gets is a 503.' },
  slowNetwork: { name: 'Slow network', effect: 'Each file crawls at 1 MB a second.' },
  eventsLost: { name: 'Events get lost', effect: 'Slack tells the bot of nothing new.' },
};

export const TROUBLE_NAMES = Object.keys(TROUBLES) as Array<keyof Trouble>;

export const NO_TROUBLE: Trouble = {
  s3Down: false,
  slackDown: false,
  slowNetwork: false,
  eventsLost: false,
};

/** What is on, in words: `S3 is down · Slow network`. Empty when everything works. */
export function troubleInWords(trouble: Trouble): string {
  const on = TROUBLE_NAMES.filter((name) => trouble[name]);
  return on.map((name) => TROUBLES[name].name).join(' · ');
}

/** Whether a click can stop or start the bot: also one that keeps dying can be stopped, for a command line that mends its catalog. */
export const isSwitchable = ({ phase, pid }: Pick<BotState, 'phase' | 'pid'>): boolean =>
  phase === 'stopped' || phase === 'restarting' || pid !== null;

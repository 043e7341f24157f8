import type { ConversationsSelect } from '@slack/types';
import type { Rules } from '../catalog/governance/rule-model.ts';
import { NO_RULES_OF_ITS_OWN, ruleLines } from './channel.ts';
import { actions, button, context, plain, type Screen, section } from './kit/elements.ts';
import { limits } from './kit/limits.ts';
import { channel } from './kit/mrkdwn.ts';
import { adminCard, settings as words } from './text/wording-home.ts';
import { alerts, status } from './text/wording-status.ts';

export interface SettingsInput {
  /** What applies in a channel without settings of its own. */
  rules: Rules;
  /** The largest public channels that the bot is not in, at most ten. */
  others: string[];
  /** The strongest check that the bucket offers; null while it has not answered since the start. */
  proof: 'crc32' | 'md5' | 'size' | null;
}

/** How channels are saved, and the way to the settings of one channel. For people who run the vault. */
export function settingsScreen({ rules, others, proof }: SettingsInput): Screen {
  const choose: ConversationsSelect = {
    type: 'conversations_select',
    action_id: 'settings_channel',
    placeholder: plain(words.choose, limits.placeholder),
    filter: { include: ['public', 'private'], exclude_bot_users: true },
  };
  const shown = others.slice(0, 10).map(channel);
  return {
    text: words.title,
    blocks: [
      section(`${words.everywhere}\n${ruleLines(rules, NO_RULES_OF_ITS_OWN).join('\n')}`),
      context(words.everywhereHint),
      ...actions([choose]),
      ...(shown.length > 0 ? [context(words.notIn(shown.join(', ')))] : []),
      ...(proof === 'md5' || proof === 'size' ? [context(alerts.weakProof[proof])] : []),
      ...actions([
        button({
          ...{ actionId: 'home_status', text: adminCard.status, label: adminCard.statusLabel },
          value: 'all',
        }),
        button({
          ...{ actionId: 'check_everything', text: status.checkAll, label: status.checkAllLabel },
          value: 'all',
        }),
      ]),
    ],
  };
}

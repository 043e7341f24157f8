/** Why a file is recorded without its bytes, in a few words and at length. Arguments are safe mrkdwn. */
import type { SkipReason } from '../catalog/model.ts';
import { BOT_HANDLE, COMMAND, count, numbers } from './wording.ts';

/** In brackets after a name. `limit` is the largest size that the channel takes, in words. */
export const shortReasons: Record<SkipReason, (about: { service: string; limit: string }) => string> = {
  external: ({ service }) => (service === '' ? 'link only' : `${service}, link only`),
  hidden_by_limit: () => 'hidden by Slack’s free plan',
  tombstone: () => 'already deleted in Slack',
  deleted_in_slack: () => 'deleted in Slack before it could be fetched',
  access_denied: () => 'Slack does not let me see it',
  too_large: ({ limit }) => (limit === '' ? 'too large' : `larger than ${limit}`),
  excluded_type: () => 'this type is not kept here',
  capture_off: () => 'nothing is kept here',
  not_found: () => 'Slack does not know it',
  not_in_channel: () => 'I was not in its channel',
  no_content: () => 'it has no content to fetch',
};

/** In the confirmation. */
export const notKept = {
  text: (files: string) => `Not kept: ${files}`,
  file: (name: string, reason: string) => `${name} (${reason})`,
  more: (n: number) => `and ${numbers.format(n)} more`,
};

/** What those who run the vault can do about it. The reasons without an entry cannot be helped. */
export const remedies: Partial<Record<SkipReason, string>> = {
  hidden_by_limit: 'A paid plan of Slack shows it again.',
  access_denied:
    'If it should be seen: see that I am in its channel, and that the app has every scope of `manifest.yml`.',
  too_large: `\`VAULT_MAX_FILE_BYTES\`, or the channel’s own rules (\`${COMMAND} channel\`), say how large a file may be.`,
  excluded_type: `\`VAULT_EXCLUDE_TYPES\`, or the channel’s own rules (\`${COMMAND} channel\`), leave it out.`,
  not_found: 'It is looked for again with every sweep.',
  not_in_channel: `To keep it, type \`/invite @${BOT_HANDLE}\` in its channel.`,
  no_content: 'For a Slack List, add the scope `lists:read`, and reinstall the app.',
};

/** In `/vault status` and App Home. */
export const group = {
  title: (n: string) => `*Not kept* · ${n}`,
  files: (n: number, atLeast: boolean) => `${atLeast ? 'at least ' : ''}${count(n, 'file')}`,
  links: (n: number, atLeast: boolean) =>
    `:link: ${atLeast ? 'At least ' : ''}${count(n, 'file')} ${n === 1 ? 'lives' : 'live'} outside Slack (Google Drive and the like): ${n === 1 ? 'its link is' : 'their links are'} kept.`,
};

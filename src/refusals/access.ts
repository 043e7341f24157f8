import { UserError } from '../errors.ts';
import { BOT_HANDLE } from '../text/handles.ts';

/** The same words for a file that does not exist and for one that this person may not see. */
export const noSuchFile = () =>
  new UserError('no_such_file', 'There is no such file, or you can’t see it in Slack.');

export const mayNotDelete = () =>
  new UserError('may_not_delete', 'Only the person who uploaded this file, or an admin, can do that.');

export const adminsOnly = () =>
  new UserError('admins_only', 'Only workspace admins and RIA Vault’s admins can do that.');

export const auditorsOnly = () =>
  new UserError('admins_only', 'Only workspace admins, RIA Vault’s admins and its auditors can do that.');

export const notAMember = () =>
  new UserError('not_a_member', 'You can ask that only while you can see the channel in Slack.');

/** The bot was removed from this channel, so the vault cannot know its members. */
export const botRemoved = (channelId: string) =>
  new UserError(
    'bot_removed',
    `I am no longer in <#${channelId}>, so I can’t tell who may see its files. To get them back, type \`/invite @${BOT_HANDLE}\` there.`,
  );

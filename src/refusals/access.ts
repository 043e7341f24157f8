import { UserError } from '../errors.ts';
import { BOT_HANDLE } from '../text/handles.ts';

/** The same words for a file that does not exist and for one that this person may not see. */
export const noSuchFile = () =>
  new UserError('no_such_file', 'There is no such file in the vault, or it is not yours to see.');

export const mayNotDelete = () =>
  new UserError(
    'may_not_delete',
    'Only the person who uploaded this file, workspace admins and the vault’s admins may do that.',
  );

export const adminsOnly = () =>
  new UserError('admins_only', 'Only workspace admins and the vault’s admins may do that.');

export const auditorsOnly = () =>
  new UserError('admins_only', 'Only workspace admins, the vault’s admins and its auditors may do that.');

export const notAMember = () =>
  new UserError('not_a_member', 'You can ask that only while you can see the channel in Slack.');

/** The bot was removed from this channel, so the vault cannot know its members. */
export const botRemoved = (channelId: string) =>
  new UserError(
    'bot_removed',
    `I am no longer in <#${channelId}>, so I can’t tell who may see its files. Invite me (\`/invite @${BOT_HANDLE}\`) and they are here again.`,
  );

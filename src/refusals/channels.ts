import { UserError } from '../errors.ts';
import { BOT_HANDLE } from '../text/handles.ts';

/** The vault did not ask whether these two are the same channel, or the question is already answered. */
export const notAsked = () =>
  new UserError('not_asked', 'That is settled already, or nobody asked about these channels.');

/** The app lacks the scope for it. */
export const cannotJoin = () =>
  new UserError(
    'cannot_join',
    `I may not join channels myself: the Slack app lacks the scope \`channels:join\` (\`manifest.join.json\` has it). Type \`/invite @${BOT_HANDLE}\` in the channel instead.`,
  );

const WHY: Readonly<Record<string, string>> = {
  is_archived: 'nobody can post there any more',
  channel_not_found: 'Slack does not show it to me',
  method_not_supported_for_channel_type: 'it is not public',
  too_many_members: 'it has as many members as Slack allows',
};

/** Slack does not let the bot in. Source of the codes: docs.slack.dev/reference/methods/conversations.join. */
export const joinRefused = (code: string) =>
  new UserError(
    'join_refused',
    `I can’t join this channel: ${WHY[code] ?? `Slack says ${code}`}. If it can be, type \`/invite @${BOT_HANDLE}\` there.`,
  );

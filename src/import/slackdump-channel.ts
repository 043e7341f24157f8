import { idOf, msOf, textOf } from '../slack/shapes.ts';
import type { Conversation } from './source.ts';

/**
 * A conversation as slackdump keeps it: Slack's own channel object, from the view of the person who made the archive. So a direct
 * message names only the other one. What is not described counts as private: so fewer people see it.
 */
export function slackdumpChannel(
  id: string,
  told: Record<string, unknown> | null,
  self: string | null,
): Conversation {
  // Its people see what is in a direct message, so nothing else may pass for one.
  const isIm = id.startsWith('D');
  const isMpim = told?.is_mpim === true;
  const isPublic = told !== null && told.is_private !== true && told.is_im !== true && !isIm && !isMpim;
  const other = isIm ? idOf(told?.user) : null;
  return {
    ...{ channelId: id, kind: isIm ? 'im' : isMpim ? 'mpim' : isPublic ? 'public' : 'private' },
    ...{ name: isIm ? null : textOf(told?.name), isArchived: told?.is_archived === true },
    ...{ createdAt: msOf(told?.created), people: other === null ? [] : [...new Set([other, self ?? other])] },
  };
}

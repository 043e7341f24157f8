import { UserError } from '../errors.ts';
import type { SlackApi } from './api.ts';
import { isLasting } from './pages.ts';
import type { People } from './people.ts';

/** Whether this is one of the workspaces of the token's organisation; false for the token of one workspace. */
export async function isOurWorkspace(api: SlackApi, workspace: string): Promise<boolean> {
  return (await api.workspaces?.ids())?.includes(workspace) === true;
}

/**
 * Whether a person is of another organisation. In an organisation of several workspaces, a file's `user_team` may name
 * another one of ours, so Slack's word about the person counts. Whoever is only in workspaces without the app has few rights, but is
 * of the organisation all the same. `told` (`user_team` is not ours) decides only for people whom Slack does not show, and for
 * accounts that were deactivated. Throws `SlackApiError` when Slack does not say now.
 */
export async function isOutside(
  people: Pick<People, 'person'>,
  userId: string,
  told: boolean,
): Promise<boolean> {
  try {
    const { isOurs, isColleague } = await people.person(userId);
    return !isOurs && isColleague !== true;
  } catch (error) {
    if (error instanceof UserError || isLasting(error)) return told;
    throw error;
  }
}

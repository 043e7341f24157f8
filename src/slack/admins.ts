import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { type SlackApi, SlackApiError } from './api.ts';
import { pagesOf } from './pages.ts';
import { isFullMember, isOfTeam, runsIt, type SlackUser } from './person.ts';
import { idOf, objectsOf } from './shapes.ts';

/** Without VAULT_ADMINS, this many of the workspace's owners are told. */
const MOST_OWNERS = 3;
/** A page has 999 people, because Slack allows less than 1,000. A larger workspace should set VAULT_ADMINS. Of an organisation, each workspace has as many. */
const MOST_PAGES = 20;

/**
 * The direct conversations in which admins are told about problems: with the people in VAULT_ADMINS. If it is empty,
 * with up to three owners of the workspace, or with its admins if Slack shows no owner; of an organisation, with its own.
 * People who cannot get messages are left out. Throws `SlackApiError` when Slack does not answer.
 */
export async function conversationsWithAdmins(o: {
  slack: SlackApi;
  identity: { teamId: string };
  policy: { admins: ReadonlySet<string> };
  log: Log;
}): Promise<string[]> {
  const named = o.policy.admins.size > 0;
  const people = named ? [...o.policy.admins] : await owners(o.slack, o.identity.teamId);
  const channelIds: string[] = [];
  for (const user of people) {
    try {
      if (named && !(await isFullMemberNow(o, user))) {
        o.log.warn(
          { user },
          'somebody in VAULT_ADMINS is no full member of the workspace, and is told nothing',
        );
        continue;
      }
      const { channel } = await o.slack.call<{ channel: { id: string } }>('conversations.open', {
        users: user,
      });
      channelIds.push(channel.id);
    } catch (error) {
      if (error instanceof SlackApiError && !error.permanent) throw error;
      o.log.warn({ code: errorCode(error), user }, 'an admin cannot be written to');
    }
  }
  return channelIds;
}

/** VAULT_ADMINS counts only for full members, because a problem report may name channels. */
async function isFullMemberNow(
  { slack, identity }: { slack: SlackApi; identity: { teamId: string } },
  user: string,
): Promise<boolean> {
  const { user: told } = await slack.call<{ user: SlackUser }>('users.info', { user });
  const ours = (await slack.workspaces?.ids()) ?? identity.teamId;
  return told.deleted !== true && isFullMember(told, ours);
}

async function owners(slack: SlackApi, teamId: string): Promise<string[]> {
  const found = new Map<string, SlackUser>();
  const workspaces = (await slack.workspaces?.ids()) ?? null;
  for await (const page of pagesOf(slack, 'users.list', { limit: 999 }, { mostPages: MOST_PAGES })) {
    const people = objectsOf<SlackUser>(page.members).filter(({ id }) => idOf(id) !== null);
    const members = people.filter(
      (one) => one.deleted !== true && one.is_bot !== true && isOfTeam(one, workspaces ?? teamId),
    );
    for (const one of members) if (runsIt(one, workspaces !== null)) found.set(one.id, one);
  }
  const rank = (one: SlackUser) => {
    if (workspaces !== null) return one.enterprise_user?.is_owner === true ? 1 : 2;
    return one.is_primary_owner ? 0 : one.is_owner ? 1 : 2;
  };
  const running = [...found.values()];
  const isOwned = running.some((one) => rank(one) < 2);
  return running
    .filter((one) => !isOwned || rank(one) < 2)
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, MOST_OWNERS)
    .map(({ id }) => id);
}

import type { Catalog } from '../catalog/db/open.ts';
import { channelById, channels } from '../catalog/files/channels.ts';
import { channelsOfFile } from '../catalog/files/lookup.ts';
import type { ChannelRow, FileRef, FileRow } from '../catalog/model.ts';
import { type People, RENEW_NO_MS } from '../slack/people.ts';

export interface Rights {
  /** Whether this person could open the channel in Slack right now. */
  maySeeChannel(userId: string, channelId: string): Promise<boolean>;
  /** Whether this person could see the file in Slack: it is theirs, or was shared where they can look. */
  maySeeFile(userId: string, file: FileRow): Promise<boolean>;
  /** The channels among those the vault knows that this person could open. */
  visibleChannels(userId: string): Promise<string[]>;
  /** Of a file's channels, those that this person may know of. */
  visibleChannelsOf(userId: string, ref: FileRef): Promise<string[]>;
  /** Whether the vault has files of this channel but cannot tell any more who is in it: the bot was removed from it. */
  isLost(channelId: string): Promise<boolean>;
  /** Whether this person may delete and restore the file, given that they can see it. */
  mayDelete(userId: string, file: Uploaded): Promise<boolean>;
  /** The same for many files: what this person may delete of what they can see. */
  deletes(userId: string): Promise<(file: Uploaded) => boolean>;
  /** Workspace admins and owners, and the full members in VAULT_ADMINS. */
  isAdmin(userId: string): Promise<boolean>;
  /** Admins, and the full members in VAULT_AUDITORS: they may see holds and the audit log, and set and lift holds. */
  mayAudit(userId: string): Promise<boolean>;
  /**
   * Full members in VAULT_ADMINS or VAULT_AUDITORS: whoever runs the vault gave them the right to know of every file,
   * also where they could not see it in Slack. Each such look is in the audit log.
   */
  oversees(userId: string): Promise<boolean>;
}

type Uploaded = Pick<FileRow, 'uploaderId'>;

/**
 * The rules of who may see and who may delete. Every command, click and page asks here anew; nothing in a button's
 * value is ever believed. A question that Slack does not answer throws, which refuses.
 */
export function createRights(options: {
  catalog: Catalog;
  people: People;
  teamId: string;
  admins: ReadonlySet<string>;
  auditors?: ReadonlySet<string>;
}): Rights {
  const { catalog, people, teamId, admins, auditors = new Set<string>() } = options;

  /**
   * THE rule of which channels a person may see; there is no other. A direct message: its one person. A public channel:
   * full members of the workspace, whether the bot is still in it or not. Any channel: who is in it. Public is only what
   * was public when the vault last heard of it and is so in Slack right now. Who is in a private channel, Slack tells
   * only while the bot is in it too; afterwards nobody is.
   */
  async function seen(
    userId: string,
    known: readonly Known[],
    { renewNo }: { renewNo: boolean },
  ): Promise<string[]> {
    // Slack lists a direct message to nobody else than the bot, so its person is kept from its own events.
    const direct = known.filter(({ kind, imUserId }) => kind === 'im' && imUserId === userId);
    const maybe = known.filter(({ kind }) => kind === 'public').map(({ channelId }) => channelId);
    // Slack tells much oftener of a channel than of the channels that somebody is in: so public ones come first.
    const mayLook = maybe.length > 0 && (await people.person(userId)).isFullMember;
    const open = mayLook ? await people.publicAmong(maybe) : new Set<string>();
    const closed = known.filter(({ kind, channelId }) => kind !== 'im' && !open.has(channelId));
    const closedIds = closed.map(({ channelId }) => channelId);
    let mine = await people.among(userId, closedIds);
    const isNo = direct.length + open.size + mine.size === 0;
    if (renewNo && isNo) mine = await people.among(userId, closedIds, RENEW_NO_MS);
    const visible = new Set([...direct, ...closed.filter(({ channelId }) => mine.has(channelId))]);
    return known.filter((one) => visible.has(one) || open.has(one.channelId)).map((one) => one.channelId);
  }

  /** Of a channel that the vault never heard of, Slack is asked as of one that was public. */
  async function knownOf(channelId: string): Promise<Known> {
    return (await channelById(catalog, teamId, channelId)) ?? { channelId, kind: 'public', imUserId: null };
  }

  async function maySeeChannel(userId: string, channelId: string): Promise<boolean> {
    return (await seen(userId, [await knownOf(channelId)], { renewNo: true })).length > 0;
  }

  async function visibleChannelsOf(userId: string, ref: FileRef): Promise<string[]> {
    const ids = await channelsOfFile(catalog, ref);
    return seen(userId, await Promise.all(ids.map(knownOf)), { renewNo: true });
  }

  async function isAdmin(userId: string): Promise<boolean> {
    const person = await people.person(userId);
    return person.isAdmin || (person.isFullMember && admins.has(userId));
  }

  async function isNamed(userId: string, lists: Array<ReadonlySet<string>>): Promise<boolean> {
    return lists.some((list) => list.has(userId)) && (await people.person(userId)).isFullMember;
  }

  /** People of other organisations share files here, but the copy is this one's: they delete nothing of it. */
  async function deletes(userId: string): Promise<(file: Uploaded) => boolean> {
    const [all, { isOurs }] = await Promise.all([isAdmin(userId), people.person(userId)]);
    return ({ uploaderId }) => all || (isOurs && uploaderId === userId);
  }

  return {
    maySeeChannel,
    visibleChannelsOf,
    isAdmin,
    deletes,
    mayAudit: async (userId) => (await isAdmin(userId)) || isNamed(userId, [auditors]),
    oversees: (userId) => isNamed(userId, [admins, auditors]),
    async maySeeFile(userId, file) {
      await people.person(userId); // throws for a deactivated account, also the uploader's
      if (file.uploaderId === userId) return true;
      return (await visibleChannelsOf(userId, file)).length > 0;
    },
    visibleChannels: async (userId) => seen(userId, await channels(catalog, teamId), { renewNo: false }),
    async isLost(channelId) {
      const channel = await channelById(catalog, teamId, channelId);
      if (channel === undefined || channel.kind === 'im') return false;
      return !(await people.botChannels(RENEW_NO_MS)).has(channelId);
    },
    mayDelete: async (userId, file) => (await deletes(userId))(file),
  };
}

type Known = Pick<ChannelRow, 'channelId' | 'kind' | 'imUserId'>;

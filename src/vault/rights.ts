import type { Catalog } from '../catalog/db/open.ts';
import { channelById, channels } from '../catalog/files/channels.ts';
import { channelsOfFile, everSharedIn } from '../catalog/files/lookup.ts';
import type { ChannelRow, FileRef, FileRow } from '../catalog/model.ts';
import { type People, RENEW_NO_MS } from '../slack/people.ts';

export interface Rights {
  /** Whether this person could open the channel in Slack right now. */
  maySeeChannel(userId: string, channelId: string): Promise<boolean>;
  /**
   * Whether this person could see the file in Slack: it is theirs, or is shared in a channel that they can see. People in
   * `VAULT_ADMINS` also keep what was taken back from a channel that they can see.
   */
  maySeeFile(userId: string, file: FileRow): Promise<boolean>;
  /** The channels that the vault knows and this person could open. */
  visibleChannels(userId: string): Promise<string[]>;
  /** The channels of a file that this person may know of. */
  visibleChannelsOf(userId: string, ref: FileRef): Promise<string[]>;
  /** Whether the vault has files of this channel but no longer knows its members: the bot was removed from it. */
  isLost(channelId: string): Promise<boolean>;
  /** Whether this person may delete and restore the file, if they can see it. */
  mayDelete(userId: string, file: Uploaded): Promise<boolean>;
  /** The same for many files: which of the files that they can see this person may delete. */
  deletes(userId: string): Promise<(file: Uploaded) => boolean>;
  /** Workspace admins and owners (of an organisation: its own), and the full members in VAULT_ADMINS. */
  isAdmin(userId: string): Promise<boolean>;
  /** Admins, and the full members in VAULT_AUDITORS: they may see holds and the audit log, and set and lift holds. */
  mayAudit(userId: string): Promise<boolean>;
  /**
   * Full members in VAULT_ADMINS or VAULT_AUDITORS: the operator gave them the right to know of every file, even one
   * that they could not see in Slack. Each such look is in the audit log.
   */
  oversees(userId: string): Promise<boolean>;
}

type Uploaded = Pick<FileRow, 'uploaderId'>;

/**
 * The rules of who may see and who may delete. Every command, click and page asks here each time; a button's value is
 * never trusted. If Slack does not answer a question, it throws, and the request is refused.
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
   * full members of the workspace (in an organisation: of one that the channel is in), even if the bot has left it. Any channel: its members. A channel counts as public if
   * it was public when the vault last heard of it and is public in Slack right now. Slack names the members of a
   * private channel only while the bot is in it too; afterwards it counts as having none.
   */
  async function seen(
    userId: string,
    known: readonly Known[],
    { renewNo }: { renewNo: boolean },
  ): Promise<string[]> {
    // Slack lists a direct message only to the bot, so its person is known from its events.
    const direct = await directOf(userId, known);
    const maybe = known.filter(({ kind }) => kind === 'public').map(({ channelId }) => channelId);
    // Slack allows more questions about a channel than about a person's channels: so public ones come first.
    const person = maybe.length > 0 ? await people.person(userId) : undefined;
    const open = person?.isFullMember ? await people.publicAmong(maybe, person) : new Set<string>();
    const closed = known.filter(({ kind, channelId }) => kind !== 'im' && !open.has(channelId));
    const closedIds = closed.map(({ channelId }) => channelId);
    let mine = await people.among(userId, closedIds);
    const isNo = direct.length + open.size + mine.size === 0;
    if (renewNo && isNo) mine = await people.among(userId, closedIds, RENEW_NO_MS);
    const visible = new Set([...direct, ...closed.filter(({ channelId }) => mine.has(channelId))]);
    return known.filter((one) => visible.has(one) || open.has(one.channelId)).map((one) => one.channelId);
  }

  /** Of a direct message between two people, only members of this workspace see the files: its people never change. */
  async function directOf(userId: string, known: readonly Known[]): Promise<Known[]> {
    const all = known.filter(({ kind, imUserId, imOtherId }) => {
      return kind === 'im' && (imUserId === userId || imOtherId === userId);
    });
    if (!all.some(({ imOtherId }) => imOtherId) || (await people.person(userId)).isOurs) return all;
    return all.filter(({ imOtherId }) => !imOtherId);
  }

  /** A channel that the vault never heard of is treated as public, so Slack is asked about it. */
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

  /** Whether the file was ever shared in a channel that this person can see now. */
  async function couldSee(userId: string, ref: FileRef): Promise<boolean> {
    const ids = await everSharedIn(catalog, ref, { inSlack: true });
    return (await seen(userId, await Promise.all(ids.map(knownOf)), { renewNo: true })).length > 0;
  }

  async function isAdmin(userId: string): Promise<boolean> {
    const person = await people.person(userId);
    return person.isAdmin || (person.isFullMember && admins.has(userId));
  }

  async function isNamed(userId: string, lists: Array<ReadonlySet<string>>): Promise<boolean> {
    return lists.some((list) => list.has(userId)) && (await people.person(userId)).isFullMember;
  }

  /** People of other organisations share files here, but the copy belongs to ours: they may not delete it. */
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
      await people.person(userId); // throws for a deactivated account, even the uploader's
      if (file.uploaderId === userId) return true;
      if ((await visibleChannelsOf(userId, file)).length > 0) return true;
      return (await isNamed(userId, [admins])) && (await couldSee(userId, file));
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

type Known = Pick<ChannelRow, 'channelId' | 'kind' | 'imUserId' | 'imOtherId'>;

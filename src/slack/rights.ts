import { channelsOfFile } from '../catalog/capture.ts';
import { channelById, channels } from '../catalog/channels.ts';
import type { FileRef, FileRow } from '../catalog/model.ts';
import type { Catalog } from '../catalog/open.ts';
import type { People } from './people.ts';

export interface Rights {
  /** Whether this person could open the channel in Slack right now. */
  maySeeChannel(userId: string, channelId: string): Promise<boolean>;
  /** Whether this person could see the file in Slack: it is theirs, or was shared where they can look. */
  maySeeFile(userId: string, file: FileRow): Promise<boolean>;
  /** The channels among those the vault knows that this person could open. */
  visibleChannels(userId: string): Promise<string[]>;
  /** Of a file's channels, those that this person may know of. */
  visibleChannelsOf(userId: string, ref: FileRef): Promise<string[]>;
  /** Whether this person may delete and restore the file, given that they can see it. */
  mayDelete(userId: string, file: FileRow): Promise<boolean>;
  /** Workspace admins and owners, and the people in VAULT_ADMINS. */
  isAdmin(userId: string): Promise<boolean>;
}

/**
 * The rules of who may see and who may delete. Every command, click and page asks here anew; nothing in a button's
 * value is ever believed. A question that Slack does not answer throws, which refuses.
 */
export function createRights(options: {
  catalog: Catalog;
  people: People;
  teamId: string;
  admins: ReadonlySet<string>;
}): Rights {
  const { catalog, people, teamId, admins } = options;

  async function maySeeChannel(userId: string, channelId: string): Promise<boolean> {
    const channel = await channelById(catalog, teamId, channelId);
    // Slack lists a direct message to nobody else than the bot, so its person is kept from its own events.
    if (channel?.kind === 'im') return channel.imUserId === userId;
    // A channel that was public when we last heard of it may have been made private since: Slack knows. It is asked
    // first, as it tells much oftener of a channel than of the channels that somebody is in.
    const mayBePublic = channel === undefined || channel.kind === 'public';
    if (mayBePublic && (await people.person(userId)).isFullMember && (await people.isPublic(channelId)))
      return true;
    return people.isIn(userId, channelId);
  }

  async function isAdmin(userId: string): Promise<boolean> {
    const { isAdmin: isWorkspaceAdmin } = await people.person(userId);
    return isWorkspaceAdmin || admins.has(userId);
  }

  async function visibleChannelsOf(userId: string, ref: FileRef): Promise<string[]> {
    const ids = await channelsOfFile(catalog, ref);
    const seen = await Promise.all(ids.map((id) => maySeeChannel(userId, id)));
    return ids.filter((_, index) => seen[index]);
  }

  return {
    maySeeChannel,
    visibleChannelsOf,
    isAdmin,
    async maySeeFile(userId, file) {
      await people.person(userId); // throws for a deactivated account, also the uploader's
      if (file.uploaderId === userId) return true;
      return (await visibleChannelsOf(userId, file)).length > 0;
    },
    async visibleChannels(userId) {
      const [mine, person, ours, known] = await Promise.all([
        people.privateMemberships(userId),
        people.person(userId),
        people.botChannels(),
        channels(catalog, teamId),
      ]);
      return known
        .filter(({ channelId, kind, imUserId }) => {
          if (kind === 'im') return imUserId === userId;
          // Slack's word of this minute; the catalog's only for channels that the bot has left.
          const isPublic = ours.get(channelId) ?? kind === 'public';
          return mine.has(channelId) || (isPublic && person.isFullMember);
        })
        .map(({ channelId }) => channelId);
    },
    async mayDelete(userId, file) {
      return (await isAdmin(userId)) || file.uploaderId === userId;
    },
  };
}

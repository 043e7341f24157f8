import { botIsIn, channelForBot } from '../access.ts';
import { ApiError } from '../errors.ts';
import { newWord } from '../ids.ts';
import type { BookmarkRecord, ChannelRecord, Json } from '../types.ts';
import { tellWorkspace } from '../workspace.ts';
import type { Args, Call, Family } from './call.ts';

/** "Conversations are limited to 100 bookmarks" (docs.slack.dev/reference/methods/bookmarks.add). */
const MOST = 100;

/**
 * Bookmarks of a channel, which stand under its name. Arguments, tiers, scopes, errors and the object are those of
 * docs.slack.dev/reference/methods/bookmarks.add, .edit, .list and .remove ("invalid_link: link should begin with
 * either http:// or https://"). That `permission_denied` comes where the bot is not a member, and in an archived
 * channel, is our reading: Slack's text names no error of their own for these.
 */
export const bookmarks: Family = {
  'bookmarks.add': {
    tier: 2,
    scopes: ['bookmarks:write'],
    run({ world, args }) {
      const channel = writable({ world, args });
      const title = args.need('title');
      if (args.need('type') !== 'link') throw new ApiError('invalid_bookmark_type');
      const link = linkIn(args);
      if (link === undefined) throw new ApiError('invalid_link');
      const emoji = emojiIn(args);
      const known = channel.bookmarks ?? [];
      if (known.length >= MOST) throw new ApiError('too_many_bookmarks');
      const { appId, botUserId } = world.state.identity;
      const bookmark: BookmarkRecord = {
        ...{ id: `Bk${newWord(9)}`, title, link, emoji: emoji ?? '', by: botUserId, app_id: appId },
        ...{ created: nowInSeconds(), updated: 0, rank: String.fromCharCode(97 + (known.length % 26)) },
      };
      keep({ world }, channel, [...known, bookmark]);
      return { bookmark: bookmarkObject({ world }, channel, bookmark) };
    },
  },
  'bookmarks.edit': {
    tier: 2,
    scopes: ['bookmarks:write'],
    run({ world, args }) {
      const channel = writable({ world, args });
      const known = found(channel, args);
      const link = linkIn(args) ?? known.link;
      const title = args.str('title') ?? known.title;
      const bookmark = {
        ...known,
        title,
        link,
        emoji: emojiIn(args) ?? known.emoji,
        updated: nowInSeconds(),
      };
      const others = channel.bookmarks ?? [];
      keep(
        { world },
        channel,
        others.map((one) => (one.id === known.id ? bookmark : one)),
      );
      return { bookmark: bookmarkObject({ world }, channel, bookmark) };
    },
  },
  'bookmarks.list': {
    tier: 3,
    scopes: ['bookmarks:read'],
    run({ world, args }) {
      const channel = channelForBot(world, args.need('channel_id'));
      const bookmarks = channel.bookmarks ?? [];
      return { bookmarks: bookmarks.map((one) => bookmarkObject({ world }, channel, one)) };
    },
  },
  'bookmarks.remove': {
    tier: 2,
    scopes: ['bookmarks:write'],
    run({ world, args }) {
      const channel = writable({ world, args });
      const { id } = found(channel, args);
      keep(
        { world },
        channel,
        (channel.bookmarks ?? []).filter((one) => one.id !== id),
      );
      return {};
    },
  },
};

function writable({ world, args }: Pick<Call, 'world' | 'args'>): ChannelRecord {
  const channel = channelForBot(world, args.need('channel_id'));
  if (!botIsIn(world, channel) || channel.is_archived) throw new ApiError('permission_denied');
  return channel;
}

function found({ bookmarks = [] }: ChannelRecord, args: Args): BookmarkRecord {
  const id = args.need('bookmark_id');
  const bookmark = bookmarks.find((one) => one.id === id);
  if (bookmark === undefined) throw new ApiError('not_found');
  return bookmark;
}

function linkIn(args: Args): string | undefined {
  const link = args.str('link');
  if (link !== undefined && !/^https?:\/\//.test(link)) throw new ApiError('invalid_link');
  return link;
}

function emojiIn(args: Args): string | undefined {
  const emoji = args.str('emoji');
  if (emoji !== undefined && !/^:[a-z0-9_+'-]+:$/.test(emoji)) throw new ApiError('invalid_emoji');
  return emoji;
}

function keep({ world }: Pick<Call, 'world'>, channel: ChannelRecord, bookmarks: BookmarkRecord[]): void {
  channel.bookmarks = bookmarks;
  world.state.channels.set(channel.id, channel);
  tellWorkspace(world);
}

function bookmarkObject({ world }: Pick<Call, 'world'>, channel: ChannelRecord, one: BookmarkRecord): Json {
  return {
    ...{ id: one.id, channel_id: channel.id, title: one.title, link: one.link, emoji: one.emoji },
    ...{
      icon_url: null,
      type: 'link',
      entity_id: null,
      date_created: one.created,
      date_updated: one.updated,
    },
    ...{
      rank: one.rank,
      last_updated_by_user_id: one.by,
      last_updated_by_team_id: world.state.identity.teamId,
    },
    ...{ shortcut_id: null, app_id: one.app_id },
  };
}

const nowInSeconds = () => Math.floor(Date.now() / 1000);

/** The whole workspace as one person sees it, for the page. */
import { seesChannel } from './access.ts';
import { PageError } from './errors.ts';
import type { OwnCommand, Person, Workspace } from './page-api.ts';
import type { PersonRecord } from './types.ts';
import { pageView } from './views.ts';
import type { World } from './world.ts';

/** The person behind an id or a name. Throws `PageError` 404. */
export function personOf(world: World, user: string): PersonRecord {
  const found =
    world.state.people.get(user) ?? [...world.state.people.values()].find((one) => one.name === user);
  if (found === undefined || found.is_bot) throw new PageError(404, `There is nobody called ${user} here`);
  return found;
}

/** Commands that Slack carries out itself (slack.com/help/articles/201259356); see `own-commands.ts`. */
export const OWN_COMMANDS = [
  {
    command: '/invite',
    description: 'Bring somebody into this channel',
    usage_hint: '@someone',
    aliases: [],
  },
  {
    command: '/remove',
    description: 'Take somebody out of this channel',
    usage_hint: '@someone',
    aliases: ['/kick'],
  },
  { command: '/leave', description: 'Leave this channel', aliases: ['/part'] },
] as const satisfies readonly OwnCommand[];

/** The whole workspace as one person sees it. */
export function workspaceFor(world: World, user: string): Workspace {
  const { identity, people, channels, homes } = world.state;
  const { features } = world.app.manifest;
  const seen = [...channels.values()].filter(
    (channel) => !channel.is_archived && seesChannel(world, user, channel.id),
  );
  const home = homes.get(user);
  return {
    team: { id: identity.teamId, name: identity.teamName },
    me: publicPerson(personOf(world, user)),
    people: [...people.values()].map(publicPerson),
    channels: seen.map((channel) => ({
      id: channel.id,
      name: channel.name,
      kind: channel.kind,
      is_member: channel.members.includes(user),
      bot_is_member: channel.members.includes(identity.botUserId),
      members: channel.members,
      topic: channel.topic,
      tabs: (channel.tabs ?? []).map(({ file_id, main }) => ({
        file_id,
        main,
        title: world.state.files.get(file_id)?.title ?? '',
      })),
      bookmarks: (channel.bookmarks ?? []).map(({ id, title, link, emoji }) => ({ id, title, link, emoji })),
    })),
    bot: {
      id: identity.botUserId,
      name: people.get(identity.botUserId)?.name ?? 'bot',
      connected: world.presence.connected,
      mode: world.app.requestUrl === undefined ? 'socket' : 'http',
    },
    commands: (features?.slash_commands ?? []).map(({ command, description, usage_hint }) => ({
      command,
      description: description ?? '',
      ...(usage_hint === undefined ? {} : { usage_hint }),
    })),
    own_commands: OWN_COMMANDS,
    shortcuts: (features?.shortcuts ?? []).map(({ name, type, callback_id }) => ({
      name,
      type,
      callback_id,
    })),
    home: home === undefined ? null : pageView(home),
  };
}

function publicPerson({ id, name, real_name, color, role, is_bot }: PersonRecord): Person {
  return { id, name, real_name, color, role, is_bot };
}

/** Tells every page how the workspace looks now, after a change to its channels or their members. */
export function tellWorkspace(world: World): void {
  for (const person of world.state.people.values()) {
    if (person.is_bot) continue;
    const workspace = workspaceFor(world, person.id);
    world.notify({ type: 'workspace', workspace }, (user) => user === person.id);
  }
}

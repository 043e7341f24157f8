import type { AppSettings, Seed } from './types.ts';

/** The sandbox's default workspace. */
export const DEFAULT_SEED: Seed = {
  team: { name: 'Sandbox Inc', domain: 'sandbox-inc' },
  people: [
    { name: 'anna', real_name: 'Anna Keller', role: 'member', color: '#2f7d6b' },
    { name: 'ben', real_name: 'Ben Okafor', role: 'member', color: '#b3541e' },
    { name: 'carla', real_name: 'Carla Nunes', role: 'admin', color: '#6a4fb3' },
    { name: 'gus', real_name: 'Gus Lind', role: 'guest', color: '#5a6b7b' },
  ],
  channels: [
    {
      name: 'general',
      members: ['anna', 'ben', 'carla', 'gus', 'bot'],
      topic: 'Everything that concerns all',
    },
    { name: 'design', members: ['anna', 'ben', 'carla', 'bot'], topic: 'Drafts, mock-ups, feedback' },
    { name: 'finance', private: true, members: ['anna', 'carla', 'bot'], topic: 'Budgets and invoices' },
    { name: 'random', members: ['anna', 'ben', 'carla'], topic: 'The vault is not in here' },
  ],
};

const [EAST, WEST] = ['Acme East', 'Acme West'];

/** An organisation of two workspaces, with one channel that both share. Nobody but Dora is in both. */
export const ORG_SEED: Seed = {
  team: { name: 'Acme', domain: 'acme' },
  workspaces: [
    { name: EAST, domain: 'acme-east' },
    { name: WEST, domain: 'acme-west' },
  ],
  people: [
    { name: 'anna', real_name: 'Anna Keller', role: 'member', color: '#2f7d6b', in: [EAST] },
    { name: 'ben', real_name: 'Ben Okafor', role: 'member', color: '#b3541e', in: [WEST] },
    {
      name: 'carla',
      real_name: 'Carla Nunes',
      role: 'admin',
      color: '#6a4fb3',
      in: [EAST],
      orgRole: 'owner',
    },
    { name: 'dora', real_name: 'Dora Lind', role: 'member', color: '#5a6b7b', in: [EAST, WEST] },
    { name: 'will', real_name: 'Will Adeyemi', role: 'admin', color: '#7b5a6b', in: [WEST] },
    { name: 'gus', real_name: 'Gus Lind', role: 'guest', color: '#5a7b6b', in: [EAST] },
  ],
  channels: [
    {
      name: 'east',
      members: ['anna', 'carla', 'dora', 'gus', 'bot'],
      in: [EAST],
      topic: 'The workspace in the east',
    },
    { name: 'east-board', private: true, members: ['anna', 'carla', 'bot'], in: [EAST] },
    { name: 'west', members: ['ben', 'dora', 'will', 'bot'], in: [WEST], topic: 'The workspace in the west' },
    { name: 'west-board', private: true, members: ['ben', 'will', 'bot'], in: [WEST] },
    { name: 'all-acme', members: ['anna', 'ben', 'dora', 'bot'], in: [EAST, WEST], topic: 'Shared by both' },
    { name: 'both-boards', private: true, members: ['anna', 'ben', 'bot'], in: [EAST, WEST] },
  ],
};

/**
 * An app with every scope and event that this server knows, for tests which are not about the manifest.
 * The tokens are made up and open nothing but a sandbox.
 */
export const DEFAULT_APP: AppSettings = {
  manifest: {
    display_information: { name: 'Vault' },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: 'vault' },
      slash_commands: [
        { command: '/vault', description: 'Files of this channel', usage_hint: 'list', should_escape: true },
      ],
      shortcuts: [
        { name: 'Keep these files', type: 'message', callback_id: 'keep_files' },
        { name: 'Open RIA Vault', type: 'global', callback_id: 'open_vault' },
      ],
    },
    oauth_config: {
      scopes: {
        bot: [
          ...['channels', 'groups', 'im', 'mpim'].flatMap((kind) => [`${kind}:history`, `${kind}:read`]),
          ...['chat:write', 'commands', 'files:read', 'files:write', 'reactions:read', 'reactions:write'],
          ...['users:read', 'team:read', 'im:write', 'channels:join', 'lists:read'],
          ...['bookmarks:read', 'bookmarks:write'],
        ],
      },
    },
    settings: {
      event_subscriptions: {
        bot_events: [
          ...['message.channels', 'message.groups', 'message.im', 'message.mpim'],
          ...['file_shared', 'file_created', 'file_public', 'file_change', 'file_deleted', 'file_unshared'],
          ...['member_joined_channel', 'member_left_channel', 'channel_rename', 'channel_left', 'group_left'],
          ...[
            'channel_archive',
            'channel_created',
            'channel_id_changed',
            'channel_unarchive',
            'reaction_added',
            'reaction_removed',
            'app_home_opened',
          ],
        ],
      },
      interactivity: { is_enabled: true },
      socket_mode_enabled: true,
    },
  },
  botToken: 'xoxb-sandbox',
  appToken: 'xapp-sandbox',
  signingSecret: 'sandbox-signing-secret',
};

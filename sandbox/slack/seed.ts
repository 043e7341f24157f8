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
        { name: 'Open the vault', type: 'global', callback_id: 'open_vault' },
      ],
    },
    oauth_config: {
      scopes: {
        bot: [
          ...['channels', 'groups', 'im', 'mpim'].flatMap((kind) => [`${kind}:history`, `${kind}:read`]),
          ...['chat:write', 'commands', 'files:read', 'files:write', 'reactions:read', 'reactions:write'],
          ...['users:read', 'team:read', 'im:write', 'channels:join', 'lists:read'],
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

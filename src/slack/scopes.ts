/**
 * The bot scopes that the code uses, each with its reason. `manifest.yml` asks for exactly these; a test compares them.
 */
export const BOT_SCOPES = {
  'app_mentions:read': 'answers to @vault find',
  commands: '/vault and the buttons under its answers',
  'chat:write': 'confirmations in threads',
  'im:write': 'telling admins that something needs a hand',
  'reactions:write': 'confirmations as a reaction (VAULT_CONFIRM=reaction)',
  'files:read': 'downloading files',
  'users:read': 'who is an admin or a guest',
  'channels:read': 'who is a member of a public channel',
  'groups:read': 'who is a member of a private channel',
  'mpim:read': 'who is a member of a group message',
  'im:read': 'which direct messages there are to look through',
  'channels:history': 'files shared in public channels',
  'groups:history': 'files shared in private channels',
  'im:history': 'files sent to the bot directly',
  'mpim:history': 'files shared in group messages',
} as const satisfies Record<string, string>;

/**
 * Scopes that only allow more. Without them nothing breaks, and nobody is told to add them. `manifest.yml` asks for
 * them as optional ones.
 */
export const OPTIONAL_BOT_SCOPES = {
  'lists:read': 'all rows of a Slack List with their threads, instead of its default view',
  'bookmarks:read': 'keeping the “Files” bookmark of a channel to one',
  'bookmarks:write': 'a “Files” bookmark in the channels whose settings ask for it',
} as const satisfies Record<string, string>;

/** The scope for VAULT_JOIN and for the admins' *Join*. `manifest.join.json` asks for it; `manifest.yml` does not. */
export const JOIN_SCOPE = 'channels:join';
export const JOIN_SCOPES = {
  [JOIN_SCOPE]: 'joining public channels by itself (VAULT_JOIN) or at an admin’s click',
} as const satisfies Record<string, string>;

/** What these settings need of the app. */
export interface WithJoin {
  join: 'off' | 'new' | 'all';
}

/** The required scopes that a token lacks. If `granted` is empty, Slack listed none, and none counts as missing. */
export function missingScopes(granted: readonly string[], { join }: WithJoin = { join: 'off' }): string[] {
  if (granted.length === 0) return [];
  const required = [...Object.keys(BOT_SCOPES), ...(join === 'new' || join === 'all' ? [JOIN_SCOPE] : [])];
  return required.filter((scope) => !granted.includes(scope));
}

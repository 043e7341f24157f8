/** What the bot is called, in the words of manifest.yml (a test holds them together). */
export const COMMAND = '/vault';
export const BOT_NAME = 'RIA Vault';
/** The bot user's display name: what `/invite` takes. */
export const BOT_HANDLE = 'ria-vault';

/** The bot's names, the same as in manifest.yml (a test checks it). */
export const COMMAND = '/vault';
export const BOT_NAME = 'RIA Vault';
/** The bot user's display name: the one for `/invite`. */
export const BOT_HANDLE = 'ria-vault';

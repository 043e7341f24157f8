import { App, type Receiver } from '@slack/bolt';
import { registerActions } from './actions/index.ts';
import { COMMANDS, registerCommands } from './commands/index.ts';
import type { Config } from './config.ts';
import { registerEvents } from './events/index.ts';
import { createFetch } from './network/web.ts';
import { boltLogger } from './slack/logger.ts';
import type { Vault } from './vault/context.ts';

/** From now on, deliveries reach events, commands and actions. */
export function takeDeliveries(vault: Vault, receiver: Receiver, { slack }: Config): void {
  const app = new App({
    // Asked at each delivery: while Slack is away at the start, it is not known yet who we are.
    authorize: async () => {
      const { botId, botUserId } = vault.identity;
      return { botToken: slack.botToken, botId, botUserId };
    },
    receiver,
    convoStore: false,
    // `receive` recognises our own messages; joins and leaves of the bot must come through.
    ignoreSelf: true,
    logger: boltLogger(vault.log.child({ part: 'bolt' }), 'error'),
    clientOptions: {
      ...{ slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, timeout: 10_000 },
      // Also for response URLs.
      fetch: createFetch(),
    },
  });
  // Thrown again: an event that could not be written down must not be acknowledged.
  app.error(async (error) => {
    throw error;
  });
  registerEvents(app, vault);
  registerCommands(app, vault);
  registerActions(app, vault, COMMANDS);
}

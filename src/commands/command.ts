import type { Screen } from '../blocks/kit/elements.ts';
import type { Vault } from '../vault/context.ts';

/** What a subcommand knows: who asked, where, and with which words. */
export interface Asked {
  userId: string;
  channelId: string;
  /** The text after the subcommand's name, decoded (`readTyped`). */
  text: string;
  /** Answers so that only the asker sees it. */
  reply(screen: Screen): Promise<void>;
}

/** One `/vault` subcommand. The registry in `index.ts` also makes `/vault help` from these. */
export interface Command {
  name: string;
  usage: string;
  summary: string;
  examples: string[];
  run(vault: Vault, asked: Asked): Promise<void>;
}

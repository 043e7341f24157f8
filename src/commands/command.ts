import type { Screen } from '../blocks/kit/elements.ts';
import type { Vault } from '../vault/context.ts';

/** What a subcommand knows about who asked, where, and with which words. */
export interface Asked {
  userId: string;
  channelId: string;
  /** What was typed after the subcommand's name, decoded (`readTyped`). */
  text: string;
  /** Answers for the asker's eyes only. */
  reply(screen: Screen): Promise<void>;
}

/** One `/vault` subcommand. The registry in `index.ts` also makes `/vault help` of these. */
export interface Command {
  name: string;
  usage: string;
  summary: string;
  examples: string[];
  run(vault: Vault, asked: Asked): Promise<void>;
}

import type { ModalView } from '@slack/types';
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
  /** Opens a modal at once and fills it with the result of `build`; missing where Slack opens none. */
  open?: (build: () => Promise<ModalView>) => Promise<void>;
}

/** A line to type, and what it does. */
export interface Example {
  type: string;
  means: string;
}

/** One `/vault` subcommand. The registry in `registry.ts` also makes `/vault help` from these. */
export interface Command {
  name: string;
  /** Other words for it. */
  aliases?: readonly string[];
  /** Other words for it when nothing follows them: otherwise they are part of a name. */
  alone?: readonly string[];
  usage: string;
  summary: string;
  /** For `/vault help` with its name. */
  examples: Example[];
  /** On its button, plain: *List files*. */
  button: string;
  /** Who may use it, if not everybody. Nobody else is offered it. */
  only?: 'admins' | 'auditors';
  /** It takes no words: with any, they are searched. */
  wordless?: true;
  /** The single words that a wordless command takes, in lower case. */
  takes?: readonly string[];
  /** It begins something by itself, so a mention only offers it. */
  begins?: true;
  run(vault: Vault, asked: Asked): Promise<void>;
}

import type { App } from '@slack/bolt';
import { closest, distance } from 'fastest-levenshtein';
import type { Screen } from '../blocks/kit/elements.ts';
import { problemScreen } from '../blocks/problem.ts';
import { unknownCommandScreen } from '../blocks/unknown.ts';
import { forPerson } from '../edge/moment.ts';
import { problemFor } from '../slack/problem.ts';
import { respondFor } from '../slack/respond.ts';
import { readTyped } from '../text/typed.ts';
import type { Vault } from '../vault/context.ts';
import { withoutNul } from '../vault/query/most-words.ts';
import { audit } from './audit.ts';
import { backfill } from './backfill.ts';
import { channelRules } from './channel.ts';
import type { Command } from './command.ts';
import { deleteFiles } from './delete.ts';
import { exportChannel } from './export.ts';
import { find } from './find.ts';
import { get } from './get.ts';
import { help } from './help.ts';
import { hold } from './hold.ts';
import { list } from './list.ts';
import { stats } from './stats.ts';
import { status } from './status.ts';
import { trash } from './trash.ts';
import { upload } from './upload.ts';

/** Every `/vault` subcommand, in the order of the help. A new one needs a file and a line here. */
export const COMMANDS: readonly Command[] = [
  list,
  find,
  get,
  upload,
  backfill,
  deleteFiles,
  trash,
  channelRules,
  exportChannel,
  hold,
  audit,
  stats,
  status,
  help(() => COMMANDS),
];

/** Answers `/vault …`: acknowledges first, then answers the asker alone. Every failure becomes one clear sentence. */
export function registerCommands(app: App, vault: Vault): void {
  app.command('/vault', async ({ command, ack, respond }) => {
    await ack();
    const { user_id: userId, channel_id: channelId } = command;
    const { name, text } = split(readTyped(command.text ?? ''));
    const subcommand = COMMANDS.find((candidate) => candidate.name === name);
    const say = ({ text: fallback, blocks }: Screen) =>
      respondFor(respond, { response_type: 'ephemeral', text: fallback, blocks });
    const log = vault.log.child({ command: subcommand?.name ?? 'unknown', user: userId, channel: channelId });
    await forPerson({ tell: say, log }, async (answered) => {
      const reply = (screen: Screen) => {
        answered();
        return say(screen);
      };
      try {
        withoutNul(command.text ?? '');
        if (subcommand === undefined) {
          await reply(unknownCommandScreen({ word: name, nearest: nearest(name), commands: [...COMMANDS] }));
        } else {
          await subcommand.run(vault, { userId, channelId, text, reply });
        }
        vault.meters.answers.inc({ what: `command ${subcommand?.name ?? 'unknown'}` });
      } catch (error) {
        const problem = problemFor(error);
        log.warn({ code: problem.code, err: error }, 'a command failed');
        await reply(problemScreen(problem));
      }
    });
  });
}

/** The subcommand's name and the rest; an empty text means help. */
function split(text: string): { name: string; text: string } {
  const [, name = '', rest = ''] = /^\s*(\S*)\s*(.*)$/su.exec(text) ?? [];
  return name === '' ? { name: 'help', text: '' } : { name: name.toLowerCase(), text: rest.trim() };
}

/** The command that is most like a mistyped word, if any is similar. */
function nearest(word: string): string | null {
  const guess = closest(
    word,
    COMMANDS.map(({ name }) => name),
  );
  return distance(word, guess) <= Math.max(2, Math.floor(guess.length / 3)) ? guess : null;
}

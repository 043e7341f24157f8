import { choicesScreen } from '../blocks/choices.ts';
import type { Screen } from '../blocks/kit/elements.ts';
import { LIST_PAGE_SIZE } from '../blocks/kit/limits.ts';
import { nearScreen, searchedScreen, withNear } from '../blocks/near-command.ts';
import { screenOf } from '../edge/files-page.ts';
import type { Vault } from '../vault/context.ts';
import { filesPage } from '../vault/files/page.ts';
import { searchWords } from '../vault/query/search-words.ts';
import { commandCalled, commandMeant } from './called.ts';
import type { Asked, Command } from './command.ts';
import { COMMANDS, forWhom } from './registry.ts';

/** What a text after `/vault` means: nothing, a command with its words, or a search. */
export type Meant =
  | { kind: 'nothing' }
  | { kind: 'command'; command: Command; text: string }
  | { kind: 'search'; text: string; instead?: Instead };

/** What was typed and is only searched: a command that this person may not use, or help for what is no command. */
export type Instead = { kind: 'command' | 'topic'; typed: string };

/** Reads a typed text, decoded (`readTyped`). A word that is no command begins a search. */
export function meantBy(typed: string): Meant {
  const [, first = '', rest = ''] = /^\s*(\S*)\s*(.*)$/su.exec(typed) ?? [];
  const text = rest.trim();
  if (first === '') return { kind: 'nothing' };
  const command = commandCalled(COMMANDS, first.toLowerCase(), text);
  if (command === undefined || (command.wordless && text !== '' && !takes(command, text)))
    return { kind: 'search', text: typed.trim() };
  return { kind: 'command', command, text };
}

function takes({ takes = [] }: Command, text: string): boolean {
  return takes.includes(text.toLowerCase());
}

/**
 * The same for one person. With words, a command that they may not use is a search (`audit report`), and so is help for what
 * is no command of theirs.
 */
export async function meantFor(vault: Vault, userId: string, typed: string): Promise<Meant> {
  const meant = meantBy(typed);
  if (meant.kind !== 'command' || meant.text === '') return meant;
  const { command, text } = meant;
  if (command.name !== 'help' && command.only === undefined) return meant;
  const theirs = await forWhom(vault, userId);
  if (command.name === 'help') {
    const topic = helpTopicIn(text);
    if (topic === '' || commandCalled(theirs, topic, '') !== undefined) return meant;
    const words = text.replace(/^\/vault\s+/i, '');
    return { kind: 'search', text: words, instead: { kind: 'topic', typed: words } };
  }
  if (theirs.includes(command)) return meant;
  return { kind: 'search', text: typed.trim(), instead: { kind: 'command', typed: command.name } };
}

/** The first word after `help`, in lower case. */
function helpTopicIn(text: string): string {
  const [word = ''] = text
    .toLowerCase()
    .split(/\s+/)
    .filter((one) => one !== '/vault');
  return word;
}

/** Buttons for what people do most. */
export async function offerChoices({ channelId, reply }: Pick<Asked, 'channelId' | 'reply'>): Promise<void> {
  await reply(choicesScreen({ isChannel: !channelId.startsWith('D') }));
}

/**
 * Searches everywhere for words that are no command. A command that they are like is offered: beside what was found,
 * or in its place if nothing was. Small print says it when something else was typed (`instead`).
 */
export async function searchAnyway(
  vault: Vault,
  { userId, text, reply, instead }: Asked & { instead?: Instead | undefined },
): Promise<void> {
  const page = await filesPage(vault, { userId, channelId: '', query: text, limit: LIST_PAGE_SIZE });
  const screen = screenOf(vault, page, { query: text });
  if (instead !== undefined) return reply(searchedScreen(screen, instead));
  const near = await nearCommand(vault, userId, text);
  const isEmpty =
    page.page.files.length === 0 &&
    !page.page.stopped &&
    page.trashed.length === 0 &&
    page.notes.notUnderstood.length === 0;
  if (near === null) await reply(screen);
  else await reply(isEmpty ? nearScreen(near) : withNear(screen, near));
}

/** The small print for an answer that others do not read. */
export function saidInstead(screen: Screen, instead: Instead | undefined): Screen {
  return instead === undefined ? screen : searchedScreen(screen, instead);
}

/** The command that the first word is like, with the words after it; only one that this person may use. */
async function nearCommand(vault: Vault, userId: string, typed: string) {
  const [, first = '', rest = ''] = /^(\S+)\s*(.*)$/su.exec(typed) ?? [];
  const [word] = searchWords(typed);
  // Quotes, filters and times are no commands: `last week` is not meant as `list week`.
  if (word === undefined || word.filter !== null || word.quoted || word.not) return null;
  const commands = await forWhom(vault, userId);
  const name = first.toLowerCase();
  const command = commandCalled(commands, name, '') ?? commandMeant(commands, name);
  if (command === undefined) return null;
  const text = command.wordless && !takes(command, rest.trim()) ? '' : rest.trim();
  return { typed, name: command.name, text, button: command.button };
}

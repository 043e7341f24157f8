import type { PageChannel, Person, Workspace } from '../../slack/page-api.ts';

/** One line of the list above the composer: a command, a shortcut, a person or a channel. */
export interface Hint {
  key: string;
  /** What the line shows first. */
  title: string;
  usage: string;
  description: string;
  person?: Person;
  channel?: PageChannel;
  /** The id of a global shortcut: it is run at once, nothing is written. */
  shortcut?: string;
  /** The word that replaces the typed text, and where that text begins and ends. */
  word: string;
  from: number;
  to: number;
}

export interface Hints {
  /** The name of the list for screen readers. */
  label: string;
  list: Hint[];
}

const MOST = 8;
const NONE: Hints = { label: '', list: [] };

/** What can be completed at the cursor: a command, a person after `@`, or a channel after `#`. */
export function hintsFor(workspace: Workspace, here: PageChannel, text: string, cursor: number): Hints {
  const commands = commandHints(workspace, text, cursor);
  if (commands.list.length > 0) return commands;
  const before = text.slice(0, cursor);
  const typed = /(?:^|[\s(:"'])([@#])([\p{L}\p{N}._-]*)$/u.exec(before);
  if (!typed) return NONE;
  const [, sign, word = ''] = typed;
  const from = cursor - word.length - 1;
  // The text after the cursor belongs to the word too: all of `@be|n` is replaced.
  const to = cursor + (/^[\p{L}\p{N}._-]*/u.exec(text.slice(cursor))?.[0].length ?? 0);
  return sign === '@'
    ? personHints(workspace, here, word.toLowerCase(), from, to)
    : channelHints(workspace, word.toLowerCase(), from, to);
}

function commandHints(workspace: Workspace, text: string, cursor: number): Hints {
  if (!/^\/\S*$/.test(text) || cursor !== text.length) return NONE;
  const place = { from: 0, to: text.length };
  const app = workspace.commands;
  const own = (workspace.own_commands ?? []).filter(
    (one) => !app.some(({ command }) => command === one.command),
  );
  const commands = [...app, ...own].map(({ command, description, usage_hint }) => ({
    ...{ key: command, title: command, word: command, description, usage: usage_hint ?? '', ...place },
  }));
  const shortcuts = workspace.shortcuts
    .filter((one) => one.type === 'global')
    .map((one) => ({
      ...{ key: one.callback_id, title: one.name, word: '', usage: '', description: 'Shortcut' },
      ...{ shortcut: one.callback_id, ...place },
    }));
  const typed = text.slice(1).toLowerCase();
  const list = [...commands, ...shortcuts].filter((one) =>
    one.title.toLowerCase().replace('/', '').startsWith(typed),
  );
  return { label: 'Commands', list };
}

function personHints(
  { people }: Workspace,
  here: PageChannel,
  typed: string,
  from: number,
  to: number,
): Hints {
  const list = people
    .filter((one) => beginsSo([one.name, one.real_name, ...one.real_name.split(/\s+/)], typed))
    .sort((a, b) => Number(here.members.includes(b.id)) - Number(here.members.includes(a.id)))
    .slice(0, MOST)
    .map((person) => ({
      ...{ key: person.id, title: person.real_name, usage: `@${person.name}`, person },
      ...{ word: `@${person.name}`, from, to },
      description: here.members.includes(person.id) ? '' : 'Not in this channel',
    }));
  return { label: 'People', list };
}

function channelHints({ channels }: Workspace, typed: string, from: number, to: number): Hints {
  const list = channels
    .filter((one) => one.kind === 'public' || one.kind === 'private')
    .filter((one) => beginsSo([one.name, ...one.name.split(/[-_]/)], typed))
    .slice(0, MOST)
    .map((channel) => ({
      ...{ key: channel.id, title: channel.name, usage: '', description: channel.topic, channel },
      ...{ word: `#${channel.name}`, from, to },
    }));
  return { label: 'Channels', list };
}

function beginsSo(names: string[], typed: string): boolean {
  return names.some((name) => name.toLowerCase().startsWith(typed));
}

/** The text with the hint's word in it, a blank after it, and where the cursor goes. */
export function withHint(text: string, hint: Hint): { text: string; cursor: number } {
  const rest = text.slice(hint.to).replace(/^ /, '');
  const begin = `${text.slice(0, hint.from)}${hint.word} `;
  return { text: begin + rest, cursor: begin.length };
}

/** Whether the hint's word is already there exactly: then Enter sends. */
export function isTyped(text: string, hint: Hint): boolean {
  return hint.word !== '' && text.slice(hint.from, hint.to) === hint.word;
}

import { context, type Screen, section, sectionsOf } from './kit/elements.ts';
import { cutEnd } from './kit/limits.ts';
import { code, escapeMrkdwn, quietName } from './kit/mrkdwn.ts';
import { help as words } from './text/wording-help.ts';

/** What a command says about itself. */
export interface CommandHelp {
  name: string;
  /** What comes after `/vault`, e.g. `delete [name]`. */
  usage: string;
  /** A few words. */
  summary: string;
  /** Whole lines to type, and what they do. */
  examples?: ReadonlyArray<{ type: string; means: string }>;
  /** Other words for it. */
  aliases?: readonly string[];
  /** Not for everybody. */
  only?: string | undefined;
}

/** `/vault help`: one line a command. Give only those that the person may use. */
export function helpScreen({ commands }: { commands: CommandHelp[] }): Screen {
  const [open, admins] = [false, true].map((isOnly) =>
    commands.filter(({ name, only }) => (only !== undefined) === isOnly && name !== 'help').map(commandLine),
  ) as [string[], string[]];
  return {
    text: words.text,
    blocks: [
      section(words.title),
      ...sectionsOf([words.search, ...open.slice(0, 20)]),
      ...(admins.length > 0 ? sectionsOf([words.admins, ...admins.slice(0, 20)]) : []),
      context(words.more),
    ],
  };
}

/** `/vault help find`: one command with what can be typed. */
export function helpTopic({ name, usage, summary, examples = [], aliases = [] }: CommandHelp): Screen {
  const text = words.topic(code(`${words.command} ${usage}`, 200), escapeMrkdwn(cutEnd(summary, 200)));
  const lines = examples
    .slice(0, 20)
    .map(({ type, means }) => words.line(code(type, 100), quietName(means, 200)));
  const also = aliases.slice(0, 8).map((alias) => code(alias, 20));
  return {
    text: `${words.command} ${quietName(name, 40)}: ${escapeMrkdwn(cutEnd(summary, 200))}`,
    blocks: [section(text), ...sectionsOf(lines), ...(also.length > 0 ? [context(words.also(also))] : [])],
  };
}

/** A command in one line. */
export function commandLine({ usage, summary }: CommandHelp): string {
  return words.line(code(`${words.command} ${usage}`, 200), escapeMrkdwn(cutEnd(summary, 200)));
}

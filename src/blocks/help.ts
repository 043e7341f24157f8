import { context, type Screen, section, sectionsOf } from './kit/elements.ts';
import { cutEnd } from './kit/limits.ts';
import { code, escapeMrkdwn } from './kit/mrkdwn.ts';
import { help as words } from './text/wording.ts';

/** What a command says about itself. */
export interface CommandHelp {
  name: string;
  /** What comes after `/vault`, e.g. `list [@person] [type:pdf]`. */
  usage: string;
  /** One sentence. */
  summary: string;
  /** Whole lines to type, e.g. `/vault list type:pdf`. */
  examples?: string[];
}

/** `/vault help`. */
export function helpScreen({ commands }: { commands: CommandHelp[] }): Screen {
  return {
    text: words.text(commands.slice(0, 12).map(({ name }) => code(`${words.command} ${name}`, 60))),
    blocks: [section(words.title), ...commandSections(commands), context(words.intro)],
  };
}

/** The commands with their examples, one paragraph each. */
export function commandSections(commands: CommandHelp[]) {
  const shown = commands.slice(0, 40);
  return shown.length > 0 ? sectionsOf(shown.map(paragraph), '\n\n') : [section(words.none)];
}

/** A command in one line, for App Home. */
export function commandLine({ usage, summary }: CommandHelp): string {
  return `${code(`${words.command} ${usage}`, 200)} ${escapeMrkdwn(cutEnd(summary, 200))}`;
}

function paragraph(command: CommandHelp): string {
  const examples = (command.examples ?? []).slice(0, 5).map((example) => code(example, 100));
  const line = commandLine(command);
  return examples.length > 0 ? `${line}\n${words.examples(examples)}` : line;
}

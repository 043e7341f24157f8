import { type TestVault, until } from '../../test/helpers/vault.ts';
import { ANSWERED_MS, type Counted, type Counter, EDITED_MS } from './counting.ts';

/** A line that somebody types. */
export interface Command {
  line: string;
  /** Anna is a member, Carla an admin. */
  person: 'anna' | 'carla';
  /** It goes on for a while after its answer. */
  isLong?: boolean;
}

/** What a command took of a bot that knew nothing of the person, and again within a minute. */
export interface CommandCounts extends Command {
  cold: Counted;
  warm: Counted;
}

const member = (line: string): Command => ({ line: `/vault ${line}`, person: 'anna' });
const admin = (line: string): Command => ({ line: `/vault ${line}`, person: 'carla' });

/** Each command in a usual form. */
export const EVERYDAY: readonly Command[] = [
  member('list'),
  member('find report'),
  member('get "reply 3.txt"'),
  member('upload'),
  member('delete'),
  member('trash'),
  member('channel'),
  { ...member('export'), isLong: true },
  admin('hold'),
  admin('audit'),
  member('stats'),
  admin('stats'),
  member('status'),
  admin('status'),
  member('help'),
  { ...admin('backfill'), isLong: true },
];

/** Types each line twice in a channel and counts what it takes until it is answered. */
export async function commandsCounted(
  vault: TestVault,
  { counted }: Counter,
  commands: readonly Command[],
): Promise<CommandCounts[]> {
  const found: CommandCounts[] = [];
  for (const command of commands) {
    const person = vault.slack.as(command.person);
    // An answer is a message that only this person sees, or a window that is filled.
    const answers = () =>
      person.messages('general').filter(({ ephemeral }) => ephemeral).length +
      vault.slack.calls.count('views.update');
    const typed = () =>
      counted(
        async () => {
          const before = answers();
          await person.command('general', command.line);
          await until(`the answer to ${command.line}`, () => answers() > before);
        },
        command.isLong ? EDITED_MS : ANSWERED_MS,
      );
    await forgotten(vault, command.person);
    found.push({ ...command, cold: await typed(), warm: await typed() });
  }
  return found;
}

/** Makes the bot forget what it keeps of a person for a minute. */
export async function forgotten({ slack }: TestVault, person: string): Promise<void> {
  slack.as(person).leave('design');
  slack.as(person).join('design');
  await slack.deliveries.settled();
}

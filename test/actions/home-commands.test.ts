import { expect, it } from 'vitest';
import type { Click } from '../../src/actions/click.ts';
import { homeActions } from '../../src/actions/home.ts';
import { commandLine } from '../../src/blocks/help.ts';
import { COMMANDS } from '../../src/commands/index.ts';
import type { Vault } from '../../src/vault/context.ts';

/** What Commands in App Home shows to somebody. */
async function shown(rights: { isAdmin: boolean; mayAudit: boolean }): Promise<string> {
  let view = '';
  const vault = {
    commands: COMMANDS,
    rights: { isAdmin: async () => rights.isAdmin, mayAudit: async () => rights.mayAudit },
  } as unknown as Vault;
  const click = {
    userId: 'U1',
    open: async (build: () => Promise<unknown>) => {
      view = JSON.stringify(await build());
    },
  } as unknown as Click;
  await homeActions.find(({ id }) => id === 'home_commands')?.run(vault, click);
  return view;
}

it('Commands in App Home shows a person only what they may use, like the help', async () => {
  const [member, auditor, admin] = await Promise.all([
    shown({ isAdmin: false, mayAudit: false }),
    shown({ isAdmin: false, mayAudit: true }),
    shown({ isAdmin: true, mayAudit: true }),
  ]);
  for (const command of COMMANDS.filter(({ name }) => name !== 'help')) {
    const { only } = command;
    const line = JSON.stringify(commandLine(command)).slice(1, -1);
    expect([line, member.includes(line)]).toEqual([line, only === undefined]);
    expect([line, auditor.includes(line)]).toEqual([line, only !== 'admins']);
    expect([line, admin.includes(line)]).toEqual([line, true]);
  }
});

it('Status stands in the place of Settings: Slack stacks three windows, and one file of it may need two more', async () => {
  const how: string[] = [];
  const click = {
    userId: 'U1',
    redraw: async () => void how.push('redraw'),
    open: async () => void how.push('open'),
  };
  await homeActions.find(({ id }) => id === 'home_status')?.run({} as Vault, click as unknown as Click);
  expect(how).toEqual(['redraw']);
});

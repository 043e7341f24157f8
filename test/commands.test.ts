import { describe, expect, it } from 'vitest';
import { meantBy, meantFor } from '../src/commands/answer.ts';
import { commandCalled, commandMeant } from '../src/commands/called.ts';
import { COMMANDS } from '../src/commands/index.ts';
import type { Vault } from '../src/vault/context.ts';

describe('what a text after /vault means', () => {
  it.each([
    ...[
      ['search budget', 'find'],
      ['ls', 'list'],
      ['rm x', 'delete'],
      ['download x', 'get'],
      ['restore', 'trash'],
    ],
    ...[
      ['mine', 'mine'],
      ['settings', 'channel'],
      ['LIST', 'list'],
      ['?', 'help'],
      ['help find', 'help'],
    ],
  ])('%s is the command %s', (typed, name) => {
    const meant = meantBy(typed as string);
    expect(meant.kind === 'command' && meant.command.name).toBe(name);
  });

  it.each([
    'budget',
    'lst',
    'status report',
    'files of 2025',
    '*.pdf',
    'last week',
    'from:me',
    '"list"',
    '-draft x',
  ])('%s is searched', (typed) => expect(meantBy(typed)).toEqual({ kind: 'search', text: typed }));

  const vaultOf = (isAdmin: boolean) =>
    ({ rights: { isAdmin: async () => isAdmin, mayAudit: async () => isAdmin } }) as unknown as Vault;

  it.each(COMMANDS.filter(({ only }) => only !== undefined).map(({ name }) => name))(
    'for those who may not use it, %s with words is searched; alone it is refused as before',
    async (name) => {
      const typed = `${name} report`;
      expect(await meantFor(vaultOf(false), 'U1', typed)).toMatchObject({ kind: 'search', text: typed });
      expect(await meantFor(vaultOf(false), 'U1', name)).toMatchObject({ kind: 'command' });
      // A command without words searches them for everybody.
      const { wordless = false } = COMMANDS.find((command) => command.name === name) ?? {};
      const kind = wordless ? 'search' : 'command';
      expect(await meantFor(vaultOf(true), 'U1', typed)).toMatchObject({ kind });
    },
  );

  it.each(['help budget', 'help audit', 'help /vault budget'])(
    '%s is searched by its words, as it is no command of theirs',
    async (typed) => {
      const text = typed.replace(/^help (\/vault )?/, '');
      expect(await meantFor(vaultOf(false), 'U1', typed)).toMatchObject({ kind: 'search', text });
    },
  );

  it.each(['help', 'help find', 'help /vault find', 'help ls'])('%s is help', async (typed) => {
    expect(await meantFor(vaultOf(false), 'U1', typed)).toMatchObject({ kind: 'command' });
  });

  it.each(['', '  '])('%j is nothing', (typed) => expect(meantBy(typed)).toEqual({ kind: 'nothing' }));

  it.each([
    ...[
      ['lst', 'list'],
      ['fnid', 'find'],
      ['delte', 'delete'],
      ['uplaod', 'upload'],
      ['statsu', 'stats'],
    ],
    ...[
      ['serach', 'find'],
      ['downlaod', 'get'],
      ['setings', 'channel'],
      ['hlep', 'help'],
      ['backfil', 'backfill'],
    ],
  ])('%s is near %s', (typed, name) => expect(commandMeant(COMMANDS, typed as string)?.name).toBe(name));

  it.each(['budget', 'plan', 'report', 'invoice', 'x'])('%s is near none', (typed) =>
    expect(commandMeant(COMMANDS, typed)).toBeUndefined(),
  );

  it('no word means two commands', () => {
    const words = COMMANDS.flatMap(({ name, aliases = [], alone = [] }) => [name, ...aliases, ...alone]);
    expect(new Set(words).size).toBe(words.length);
    for (const { name } of COMMANDS) expect(commandCalled(COMMANDS, name, 'x')?.name).toBe(name);
  });

  it('every command fits its button and a line of the help', () => {
    for (const { button, summary, examples } of COMMANDS) {
      expect(button.length).toBeLessThanOrEqual(25);
      expect(summary.length).toBeLessThanOrEqual(45);
      expect(examples.length).toBeGreaterThan(0);
    }
  });
});

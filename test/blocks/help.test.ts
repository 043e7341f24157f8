import { expect, it } from 'vitest';
import { choicesScreen } from '../../src/blocks/choices.ts';
import { helpScreen, helpTopic } from '../../src/blocks/help.ts';
import { nearScreen, withNear } from '../../src/blocks/near-command.ts';
import { commands } from './samples.ts';
import { expectScreen } from './snapshot.ts';

it('shows every command in one line, those of admins apart', async () => {
  await expectScreen('help', helpScreen({ commands }));
});

it('explains one command with what can be typed, and its other names', async () => {
  await expectScreen('help-topic', helpTopic(commands[0] as (typeof commands)[number]));
});

it('offers what people do most; outside of channels no files of a channel, but one’s own trash', async () => {
  await expectScreen('choices', choicesScreen({ isChannel: true }));
  const direct = JSON.stringify(choicesScreen({ isChannel: false }));
  expect(direct).not.toContain('Files here');
  expect(direct).toContain('Trash');
});

it('offers the command that was meant in place of nothing, or beside what was found', async () => {
  const near = { typed: 'lst', name: 'list', text: '', button: 'Files here' };
  await expectScreen('near-command', nearScreen(near));
  const beside = withNear({ text: '1 file', blocks: [{ type: 'divider' }] }, near);
  expect(beside.text).toBe('1 file');
  expect(beside.blocks.map(({ type }) => type)).toEqual(['section', 'divider']);
});

it('trusts no typed word', () => {
  const { text } = nearScreen({ typed: '<!channel> `x`', name: 'list', text: '<@U1>', button: 'Files here' });
  expect(text).toBe('No files found for `&lt;!channel&gt; ˋxˋ`. Did you mean `/vault list &lt;@U1&gt;`?');
});

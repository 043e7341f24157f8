import { it } from 'vitest';
import { helpScreen } from '../../src/blocks/help.ts';
import { commands } from './samples.ts';
import { expectScreen } from './snapshot.ts';

it('shows every command with its usage and examples', async () => {
  await expectScreen('help', helpScreen({ commands }));
});

import { it } from 'vitest';
import { restoredScreen } from '../../src/blocks/restored.ts';
import { file } from './samples.ts';
import { expectScreen } from './snapshot.ts';

it('says that the file is back', async () => {
  await expectScreen('restored', restoredScreen({ file: file() }));
});

import { expect, it } from 'vitest';
import { restoredScreen } from '../../src/blocks/restored.ts';
import { screenModal } from '../../src/blocks/screen-modal.ts';
import { expectView } from './block-kit-rules.ts';
import { file } from './samples.ts';

it('shows the blocks of a message', () => {
  const screen = restoredScreen({ file: file() });
  const view = screenModal(screen);
  expectView(view);
  expect(view.blocks).toEqual(screen.blocks);
});

import { runButton } from './command-button.ts';
import { actions, button, context, type Screen, section } from './kit/elements.ts';
import { choices as words } from './text/wording-help.ts';

/** `/vault` alone: what people do most, one click each. In a channel, its files are one of them. */
export function choicesScreen({ isChannel }: { isChannel: boolean }): Screen {
  const buttons = [
    button({ actionId: 'open_find', text: words.find, label: words.findLabel, value: 'find' }),
    ...(isChannel ? [runButton({ name: 'list', text: '', button: words.here }, words.hereLabel)] : []),
    button({ actionId: 'open_upload', text: words.upload, label: words.uploadLabel, value: 'upload' }),
    runButton({ name: 'mine', text: '', button: words.mine }, words.mineLabel),
    runButton({ name: 'trash', text: '', button: words.trash }, words.trashLabel),
  ];
  return { text: words.text, blocks: [section(words.title), ...actions(buttons), context(words.orType)] };
}

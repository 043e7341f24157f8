import { readingLacks } from '../contents/room.ts';
import { errorCode } from '../errors.ts';
import { lackInWords } from '../text/reading-lacks.ts';
import { readsContents } from '../text-modes.ts';
import { check, type Line } from './check.ts';

const MB = 1024 ** 2;

/** Room to read what is in files: memory, a process that is limited and can be started, and that reaches no network. */
export const reading = check('reading', {}, async ({ config, problems, machine }, say) => {
  if (problems.some(({ variable }) => /^VAULT_(TEXT|OCR|READ_|PREVIEWS)/.test(variable)))
    return say.skip('The settings of reading are not set right.');
  if (!readsContents(config.policy.text))
    return say.skip('VAULT_TEXT says that no file is read, unless a channel says otherwise.');
  const room = machine.reading;
  const lacks = readingLacks(config.reading.ocr, room);
  const lines: Line[] = lacks.map((lack) => say.warn('lack', lackInWords(lack)));
  if (lacks.some(({ kind }) => kind !== 'ocr_memory')) return lines;
  try {
    await room.tryOut();
  } catch (error) {
    return say.warn('start', lackInWords({ kind: 'start', reason: errorCode(error) }));
  }
  if (!room.closesNetwork)
    lines.push(
      say.warn('network', `Node ${machine.nodeVersion} does not keep the reading process from the network.`),
    );
  const memory = Math.floor(room.memory / MB).toLocaleString('en-US');
  return lines.length > 0
    ? lines
    : say.ok(`Files can be read, in a process without a network; there are ${memory} MB of memory.`);
});

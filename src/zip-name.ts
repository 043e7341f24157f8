import { type Entry, getFileNameLowLevel } from 'yauzl';

const UTF8_BIT = 0x800;
/** A field with the name in UTF-8 beside the other (Info-ZIP's: APPNOTE.TXT 4.6.9). */
const NAME_IN_UTF8 = 0x7075;

/** Whether the name is in UTF-8, or has one beside it that is. */
export function isNameTold(entry: Entry): boolean {
  return isUtf8(entry) || entry.extraFields.some(({ id }) => id === NAME_IN_UTF8);
}

function isUtf8({ fileNameRaw, generalPurposeBitFlag }: Entry): boolean {
  const raw = fileNameRaw as Buffer;
  return (generalPurposeBitFlag & UTF8_BIT) !== 0 || Buffer.from(raw.toString('utf8')).equals(raw);
}

/**
 * The name of an entry that was read with `decodeStrings: false`. Old tools write names in UTF-8 without saying so. Only what
 * cannot be UTF-8 is read as code page 437 (APPNOTE.TXT, appendix D).
 */
export function zipName(entry: Entry): string {
  const raw = entry.fileNameRaw as Buffer;
  if (isUtf8(entry)) return raw.toString('utf8');
  return getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, false);
}

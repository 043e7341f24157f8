import { type Entry, getFileNameLowLevel } from 'yauzl';

const UTF8_BIT = 0x800;

/**
 * The name of an entry that was read with `decodeStrings: false`. Old tools write names in UTF-8 without saying so. Only what
 * cannot be UTF-8 is read as code page 437 (APPNOTE.TXT, appendix D).
 */
export function zipName(entry: Entry): string {
  const raw = entry.fileNameRaw as Buffer;
  const isUtf8 =
    (entry.generalPurposeBitFlag & UTF8_BIT) !== 0 || Buffer.from(raw.toString('utf8')).equals(raw);
  if (isUtf8) return raw.toString('utf8');
  return getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, false);
}

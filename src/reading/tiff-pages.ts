/** A page's list has so many entries of so many bytes, and behind them stands where the next one is (TIFF 6.0, section 2). */
const [ENTRY, POINTER, FIRST_AT] = [12, 4, 4];
/** Fax machines and scanners write some; more are looked at of no document. */
const MOST = 50;

/**
 * Where the lists of a TIFF's pages stand, in their order; one of them for any other picture, and for one whose first list is damaged.
 * `isAll` is false where there are more than are looked at.
 */
export function tiffPages(picture: Buffer): { lists: number[]; isAll: boolean } {
  const order = picture.toString('latin1', 0, 4);
  if (order !== 'II*\0' && order !== 'MM\0*') return { lists: [0], isAll: true };
  const isLittle = order.startsWith('I');
  const numberAt = (at: number) => (isLittle ? picture.readUInt32LE(at) : picture.readUInt32BE(at));
  const lists = new Set<number>();
  for (let at = FIRST_AT; at + POINTER <= picture.length; ) {
    const list = numberAt(at);
    // The last one says 0; a hostile file has its lists in a circle.
    if (list === 0 || list + 2 > picture.length || lists.has(list)) break;
    if (lists.size === MOST) return { lists: [...lists], isAll: false };
    lists.add(list);
    const entries = isLittle ? picture.readUInt16LE(list) : picture.readUInt16BE(list);
    at = list + 2 + entries * ENTRY;
  }
  return { lists: lists.size === 0 ? [0] : [...lists], isAll: true };
}

/** Makes this page the first one, in place: programs that know one page only take that. */
export function beginWith(picture: Buffer, list: number): void {
  if (picture.toString('latin1', 0, 1) === 'I') picture.writeUInt32LE(list, FIRST_AT);
  else picture.writeUInt32BE(list, FIRST_AT);
}

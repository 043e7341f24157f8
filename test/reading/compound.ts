/** The container of Office files from before 2007 (MS-CFB), as far as its directory needs it: a sector has 512 bytes. */
const SECTOR = 512;
const [FREE, END, FAT] = [0xffffffff, 0xfffffffe, 0xfffffffd];

const whole = (bytes: number) => Math.ceil(bytes / SECTOR);

/** With these streams in it: the first has `bytes` bytes of `content`, repeated, the others nothing. */
export function compound(
  names: readonly string[],
  bytes = 4_096,
  content: Buffer = Buffer.alloc(1, 'x'),
): Buffer {
  const stream = Buffer.alloc(whole(bytes) * SECTOR, content);
  const entries = ['Root Entry', ...names];
  const directory = Buffer.alloc(whole(entries.length * 128) * SECTOR);
  for (const [at, name] of entries.entries()) {
    const entry = directory.subarray(at * 128, (at + 1) * 128);
    entry.write(name, 'utf16le');
    entry.writeUInt16LE((name.length + 1) * 2, 64);
    entry[66] = at === 0 ? 5 : 2;
    entry.fill(0xff, 68, 80);
    // The root's children, one beside the other.
    if (at === 0) entry.writeUInt32LE(1, 76);
    else if (at + 1 < entries.length) entry.writeUInt32LE(at + 1, 72);
    entry.writeUInt32LE(at === 1 ? 0 : END, 116);
    if (at === 1) entry.writeUInt32LE(bytes, 120);
  }
  const chain = (from: number, many: number) =>
    Array.from({ length: many }, (_, i) => (i === many - 1 ? END : from + i + 1));
  const [streams, directories] = [whole(stream.length), whole(directory.length)];
  const tables = whole((streams + directories + 4) * 4);
  const links = [
    ...chain(0, streams),
    ...chain(streams, directories),
    ...Array.from({ length: tables }, () => FAT),
  ];
  const table = Buffer.alloc(tables * SECTOR, 0xff);
  for (const [at, link] of links.entries()) table.writeUInt32LE(link, at * 4);
  const header = Buffer.alloc(SECTOR);
  header.write('d0cf11e0a1b11ae1', 'hex');
  for (const [at, value] of [
    ...[
      [24, 0x3e],
      [26, 3],
      [28, 0xfffe],
      [30, 9],
      [32, 6],
    ],
  ] as [number, number][])
    header.writeUInt16LE(value, at);
  header.writeUInt32LE(tables, 44);
  header.writeUInt32LE(streams, 48);
  header.writeUInt32LE(4_096, 56);
  for (const at of [60, 68]) header.writeUInt32LE(END, at);
  for (let at = 0; at < 109; at++)
    header.writeUInt32LE(at < tables ? streams + directories + at : FREE, 76 + at * 4);
  return Buffer.concat([header, stream, directory, table]);
}

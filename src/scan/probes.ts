import { gzipSync } from 'node:zlib';

/** clamd unpacks at most a hundred levels, whatever its settings are (CLI_MAX_MAXRECLEVEL in libclamav/others.h). */
const LEVELS = 110;

/**
 * A harmless text, packed more often than any clamd unpacks. With AlertExceedsMax clamd calls it
 * `Heuristics.Limits.Exceeded.MaxRecursion`; without, it says `OK`, as it then says of every file that it did not read to
 * its end (clamd.conf(5)).
 */
export function packedTooOften(): Buffer {
  let bytes = Buffer.from('RIA Vault asks whether the scanner tells its limits.\n');
  for (let level = 0; level < LEVELS; level++) bytes = gzipSync(bytes);
  return bytes;
}

const CONTENT = Buffer.alloc(24, 0x5a);
const NAME = Buffer.from('locked.txt');
/** The bit of the general purpose flag that says "encrypted" (APPNOTE.TXT 6.3.10, 4.4.4). */
const ENCRYPTED = 1;

/** A ZIP with one file that says that it is encrypted. With AlertEncryptedArchive clamd says so. */
export function lockedArchive(): Buffer {
  // Version needed, flags, method (stored), time, date, CRC-32, packed size, size, length of the name, of the rest.
  const about = Buffer.alloc(26);
  about.writeUInt16LE(20, 0);
  about.writeUInt16LE(ENCRYPTED, 2);
  about.writeUInt16LE(0x21, 8);
  about.writeUInt32LE(0x12345678, 10);
  about.writeUInt32LE(CONTENT.length, 14);
  about.writeUInt32LE(CONTENT.length - 12, 18);
  about.writeUInt16LE(NAME.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), about, NAME, CONTENT]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), about, Buffer.alloc(14), NAME]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

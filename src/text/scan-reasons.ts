/** Why a file could not be checked for malware, as half a sentence. */
export const scanReasons = {
  too_large: 'it is larger than the scanner takes',
  limits: 'unpacked, it goes beyond the scanner’s limits',
  encrypted: 'it is locked with a password',
  refused: 'the scanner cannot read it',
  broke: 'the scanner broke on it',
  archived: 'it is in an archive of the bucket',
  unreadable: 'the bucket did not give its bytes as they were stored',
  waited: 'the scanner has not come to it yet',
};

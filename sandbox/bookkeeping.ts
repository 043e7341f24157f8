/** Folders in which the bot keeps its own objects (src/storage/inventory.ts): its journal, pictures, probes. */
const OWN_FOLDERS = ['.ria-vault', '.vault-probe'];

/** Whether the bot keeps this object for itself: it is no file that somebody shared. */
export function isBookkeeping(key: string): boolean {
  // The last part is a name that people gave.
  return key
    .split('/')
    .slice(0, -1)
    .some((part) => OWN_FOLDERS.includes(part));
}

import type { Place, Side } from '../side.ts';
import { openVault } from './vault.ts';

/** The same as `vault`, with `VAULT_TEXT=all`: what was said is kept and searched, and the file waits to be read. */
export const open = (place: Place): Promise<Side> => openVault(place, true);

import type { Place, Side } from '../side.ts';
import { openVault } from './vault.ts';

/** The same as `vault-texts`, and then puts what was said into the index, which the bot does a moment later. */
export const open = (place: Place): Promise<Side> => openVault(place, true, true);

import type { SchemaStep } from '../catalog/db/migrate.ts';
import { type Catalog, openCatalog } from '../catalog/db/open.ts';
import { awaitsFirstLook } from '../catalog/journal/first-look.ts';
import { refuseHalfRebuilt } from '../catalog/journal/replay.ts';
import { recall } from '../catalog/memory.ts';
import type { ScanMode } from '../catalog/scan/model.ts';
import type { Config } from '../config.ts';
import type { Identity } from '../slack/identity.ts';
import { scanModeOf } from './scan-gate.ts';

export interface OpenedDatabase {
  catalog: Catalog;
  /** Who we were at the last start. */
  identity: Identity | null;
  /** The catalog is new: the bucket has to be looked at, because it may hold a vault already. */
  isUnlooked: boolean;
}

/**
 * Opens the catalog and reads what a start has to know. Tries once; `blocked` is told who holds a lock that it waits
 * for, `onStep` when tables are being changed; `others` says what other bots do about malware now. Throws `CatalogError`, and what PostgreSQL says when it goes away in between.
 */
export async function openDatabase(
  { data, policy, newCatalog }: Pick<Config, 'data' | 'policy' | 'newCatalog'>,
  blocked: (error: Error) => void,
  onStep: (step: SchemaStep) => void,
  others: () => readonly ScanMode[] = () => [],
): Promise<OpenedDatabase> {
  const opened = await openCatalog({ ...data, onBlocked: blocked, onStep });
  try {
    const catalog = {
      ...{ ...opened, onUnshare: policy.onUnshare },
      get scans() {
        return [scanModeOf(policy), ...others()].some((mode) => mode !== 'off');
      },
    };
    await refuseHalfRebuilt(catalog);
    const isUnlooked = await awaitsFirstLook(catalog, { insist: newCatalog });
    return { catalog, identity: await recall<Identity>(catalog, 'identity'), isUnlooked };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

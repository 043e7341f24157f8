import type { CatalogError } from '../catalog/db/errors.ts';
import type { Catalog } from '../catalog/db/schema.ts';
import { releaseOwned } from '../catalog/queue/due.ts';
import type { Log } from '../log.ts';

export interface Outdated {
  /** Another version has changed the catalog. */
  note(error: CatalogError): void;
  isSo(): boolean;
  /** Resolves when that happens. */
  noted: Promise<CatalogError>;
  /** If it happened, hands back all that this process works on. Call it when its work has stopped. */
  handBack(): Promise<void>;
}

/**
 * A bot that meets the tables of another version can write nothing more: the catalog refuses each of its transactions
 * (schema-guard.ts). What it works on is handed back at once, so that the bots of that version go on with it.
 */
export function watchOutdated({
  catalog,
  owner,
  log,
}: {
  catalog: Catalog;
  owner: string;
  log: Log;
}): Outdated {
  const { promise, resolve } = Promise.withResolvers<CatalogError>();
  let isSo = false;
  return {
    isSo: () => isSo,
    noted: promise,
    note(error) {
      if (isSo) return;
      isSo = true;
      log.warn({ code: error.code }, error.message);
      resolve(error);
    },
    async handBack() {
      if (!isSo) return;
      const left = await releaseOwned(catalog, owner);
      if (left.length > 0)
        log.warn({ left }, 'not handed back; these fall due again when their leases run out');
    },
  };
}

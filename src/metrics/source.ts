import type { Catalog } from '../catalog/db/schema.ts';

/** Where the numbers of the whole vault come from. Throws while the catalog or the workspace is not known yet. */
export type Source = () => { catalog: Catalog; teamId: string; now(): number };

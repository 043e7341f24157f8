import type { Catalog } from '../catalog/db/schema.ts';

/** Where the numbers of the whole vault come from. Throws while the catalog or the workspace is not known yet. */
export type Source = () => { catalog: Catalog; teamId: string; now(): number };

/** For the help of a metric that is not the process's own. */
export const WHOLE = 'Of the whole vault: each bot tells the same, so use max, not sum.';

import { CatalogError } from '../catalog/db/errors.ts';

/** A locked SQLite catalog means that a bot is running. A person needs to know only that, and what to do: the sentence. */
export const botRuns =
  (sentence: string) =>
  (error: unknown): never => {
    if (error instanceof CatalogError && error.code === 'catalog_locked')
      throw new CatalogError('catalog_locked', sentence, { cause: error });
    throw error;
  };

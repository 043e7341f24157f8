import { hash } from 'node:crypto';

/**
 * The number that stands for a word in PostgreSQL's index of contents: the first 32 bits of its SHA-256, signed. A document's words
 * as a `tsvector` take two thirds of its text; as such numbers, less than a quarter. Two words may have the same number: of a million
 * words, one in four thousand. Migration 0039 reckons in the same way.
 */
export const wordNumber = (word: string): number => hash('sha256', word, 'buffer').readInt32BE(0);

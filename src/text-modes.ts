/** What is kept and searched besides names: what was said with files, and what is in them. */
export const TEXT_MODES = ['all', 'words', 'contents', 'off'] as const;
export type TextMode = (typeof TEXT_MODES)[number];

/** Where neither the environment nor a channel says anything. */
export const STANDARD_TEXT: TextMode = 'all';

/** Whether what was said with files is kept and searched. */
export const keepsWords = (mode: TextMode | undefined): boolean => mode === 'all' || mode === 'words';

/** Whether files are read, and found by what is in them. */
export const readsContents = (mode: TextMode | undefined): boolean => mode === 'all' || mode === 'contents';

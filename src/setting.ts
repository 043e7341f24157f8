/** One setting, as `.env.example` and `docs/settings.md` describe it. */
export interface Setting {
  name: string;
  /** What it does: Markdown, its links as from docs/. */
  about: string;
  /** The default, as one may write it. */
  standard?: string;
  /** The default in words, where no value says it. */
  otherwise?: string;
  /** A value that works, where the default shows none. */
  example?: string;
  /** It holds a secret, so `<name>_FILE` may name a file with it. */
  secret?: true;
  /** One that people change; the README shows it. */
  common?: true;
  /** Who reads it, where it is not `loadConfig`. */
  readBy?: 'AWS SDK' | 'Node' | 'the start';
}

export interface Topic {
  topic: string;
  settings: readonly Setting[];
}

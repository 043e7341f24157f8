import type { Stage } from './stage.ts';

/** What one look saw: an answer, an event, or what a check found out itself. Compared only by its shape. */
export interface Sight {
  status?: string | number;
  headers?: Record<string, string>;
  body?: unknown;
  /** What the check states itself. Each value is compared exactly and may stand in the report. */
  facts?: Record<string, string>;
}

/** Hands over what was seen, under a name that is the same in every run. */
export type See = (name: string, ...sights: Sight[]) => void;

export interface Check {
  /** For example `file.share`. */
  id: string;
  /** What it does, in a few words, without a full stop. */
  title: string;
  needs?: Needs;
  /** How long it may take, in ms; otherwise half a minute. */
  withinMs?: number;
  /**
   * Throws `NotToday` when it cannot be done here, `CheckFailed` when something did not come. What was seen until then
   * is compared all the same.
   */
  run(stage: Stage, see: See): Promise<void>;
}

export interface Needs {
  /** Scopes that the bot's token must have. */
  scopes?: readonly string[];
  /** Somebody at a Slack client. */
  person?: true;
  /** Slack's deliveries. */
  ears?: true;
  /** A token that may upload: the bot's with files:write, or the helper's. */
  hands?: true;
  /** The private channel that was named. */
  privateChannel?: true;
}

/** A check that cannot be done here. `message` says why, for the report: no names, no ids. */
export class NotToday extends Error {
  readonly code = 'not_today';
}

/** A check that did not come to its end. `message` says what did not come, for the report: no names, no ids. */
export class CheckFailed extends Error {
  readonly code = 'check_failed';
}

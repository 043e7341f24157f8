import type { See } from './sight.ts';
import type { Stage } from './stage.ts';

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

import { randomBytes } from 'node:crypto';
import { ApiError } from './errors.ts';

/** Slack gives an app three seconds to open a modal, network and cold start included. */
export const TRIGGER_MS = 3000;

export interface Trigger {
  user: string;
  /** The view in which the interaction happened, for `views.push`. */
  viewId?: string;
}

/** The trigger ids handed out. Each opens one view, within three seconds. */
export interface Triggers {
  issue(trigger: Trigger): string;
  /** Uses a trigger up; `invalid_trigger_id`, `expired_trigger_id` or `exchanged_trigger_id` otherwise. */
  take(id: string | undefined): Trigger;
}

/** Trigger ids that live for `lifeMs`. */
export function createTriggers(lifeMs = TRIGGER_MS): Triggers {
  const issued = new Map<string, { trigger: Trigger; expires: number; used: boolean }>();
  return {
    issue(trigger) {
      const stem = randomBytes(16).toString('hex');
      const id = `${parseInt(stem.slice(0, 10), 16)}.${parseInt(stem.slice(10, 18), 16)}.${stem}`;
      // A small window of old ids is kept, so that a late one is told "expired" and not "invalid".
      if (issued.size >= 1000) issued.delete(issued.keys().next().value ?? '');
      issued.set(id, { trigger, expires: Date.now() + lifeMs, used: false });
      return id;
    },
    take(id) {
      const found = id === undefined ? undefined : issued.get(id);
      if (found === undefined) throw new ApiError('invalid_trigger_id');
      if (found.used) throw new ApiError('exchanged_trigger_id');
      if (Date.now() > found.expires) throw new ApiError('expired_trigger_id');
      found.used = true;
      return found.trigger;
    },
  };
}

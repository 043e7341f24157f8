import { type FirstSteps, STEPS, type StepName } from '../../first-steps-types.ts';
import type { PageChannel, Person, Workspace } from '../../slack/page-api.ts';

/** What each step is called. */
export const TITLES: Record<StepName, string> = {
  drop: 'Drop a file',
  land: 'See it land',
  find: 'Type /vault budget',
  admin: 'Be the admin',
  break: 'Break something',
};

/** The first step that is not done; null when all are. */
export function nextStep({ done }: FirstSteps): StepName | null {
  return STEPS.find((step) => !done.includes(step)) ?? null;
}

/** What can be broken is shown when everything else was tried. */
export function mayBreak({ done }: FirstSteps): boolean {
  return STEPS.every((step) => step === 'break' || done.includes(step));
}

/** Where samples go: #general, or another channel in which both the person and the bot are. */
export function sampleChannel({ channels }: Workspace): PageChannel | undefined {
  const fit = channels.filter((one) => one.is_member && one.bot_is_member && one.kind !== 'im');
  return fit.find((one) => one.name === 'general') ?? fit[0];
}

/** The admin whom a person can become. */
export function adminOf({ people }: Workspace): Person | undefined {
  return people.find((one) => one.role === 'admin' && !one.is_bot);
}

/** Whether a line asks the vault for something, as the third step does. */
export function asksVault(line: string): boolean {
  return /^\/vault\s+\S/.test(line);
}

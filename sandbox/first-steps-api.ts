import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StepKeeper } from './first-steps.ts';
import { STEPS, type StepName } from './first-steps-types.ts';
import { isFromThePage } from './same-origin.ts';
import { samples } from './samples.ts';
import { PageError } from './slack/errors.ts';
import { readText, sendJson } from './slack/http.ts';
import type { SandboxSlack } from './slack/server.ts';

/**
 * The path of first steps, by address:
 *
 * POST /sandbox/steps    { done?: StepName, hidden?: boolean } → FirstSteps, as it is now
 * POST /sandbox/samples  { user, channel } → { ts }            shares six small files in one message
 */
export function firstStepsApi(
  steps: StepKeeper,
  slack: () => SandboxSlack,
): Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>> {
  return {
    '/sandbox/steps': async (request, response) => {
      if (!isFromThePage(request)) return sendJson(response, 403, { error: 'only_for_the_page' });
      const { done, hidden } = await bodyOf(request);
      if (isStep(done)) steps.tick(done);
      else if (typeof hidden === 'boolean') steps.hide(hidden);
      else return sendJson(response, 400, { error: 'not_a_step' });
      sendJson(response, 200, steps.state());
    },
    '/sandbox/samples': async (request, response) => {
      if (!isFromThePage(request)) return sendJson(response, 403, { error: 'only_for_the_page' });
      const { user, channel } = await bodyOf(request);
      try {
        const text = 'Six samples to try the vault with';
        const { ts } = await slack().as(String(user)).share(String(channel), samples(), { text });
        sendJson(response, 200, { ts });
      } catch (error) {
        if (!(error instanceof PageError)) throw error;
        sendJson(response, error.status, { error: error.message });
      }
    },
  };
}

function isStep(value: unknown): value is StepName {
  return STEPS.some((step) => step === value);
}

/** The body's fields; none where it is no JSON object. */
async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(await readText(request));
    return typeof body === 'object' && body !== null ? { ...body } : {};
  } catch {
    return {};
  }
}

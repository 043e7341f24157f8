import { errorCode, UserError } from '../errors.ts';
import { SlackApiError } from './api.ts';

/** What went wrong, in one sentence for the person who asked, and with the code that is also in the log. */
export function problemFor(error: unknown): { message: string; code: string } {
  const code = errorCode(error);
  if (error instanceof UserError) return { message: error.told, code };
  if (error instanceof SlackApiError && error.code === 'ratelimited') {
    return {
      message:
        'Many people are asking right now, and Slack lets me ask only so much a minute. Please try again in a minute.',
      code,
    };
  }
  if (error instanceof SlackApiError && !error.permanent) {
    return { message: 'Slack is not answering me right now. Please try again in a minute.', code };
  }
  if (error instanceof SlackApiError)
    return { message: `Slack refused: ${error.code}. Please tell an admin of the vault.`, code };
  if (code.startsWith('bucket_')) {
    return {
      message: 'The vault cannot reach its storage right now. Nothing is lost; please try again in a minute.',
      code,
    };
  }
  if (code.startsWith('catalog_')) {
    return {
      message: 'The vault cannot read its catalog right now. Nothing is lost; please try again in a minute.',
      code,
    };
  }
  return {
    message: 'Something went wrong on my side. Please try again; if it stays, tell an admin of the vault.',
    code,
  };
}

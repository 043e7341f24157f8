import { errorCode, UserError } from '../errors.ts';
import { SlackApiError } from './api.ts';

interface Problem {
  /** For the person who asked. */
  message: string;
  /** The code that the log has. */
  code: string;
  /** A no that the person can understand and act on: the code helps nobody there. */
  isRefusal?: boolean;
}

/** What went wrong, in one sentence for the person who asked, and with the code that is also in the log. */
export function problemFor(error: unknown): Problem {
  const code = errorCode(error);
  if (error instanceof UserError) return { message: error.told, code, isRefusal: true };
  if (error instanceof SlackApiError && error.code === 'ratelimited') {
    return {
      message: 'Many people are asking right now. Please try again in a minute.',
      code,
    };
  }
  if (error instanceof SlackApiError && !error.permanent) {
    return { message: 'Slack is not answering right now. Please try again in a minute.', code };
  }
  if (error instanceof SlackApiError)
    return { message: `Slack refused: ${error.code}. Please tell an admin.`, code };
  if (code.startsWith('bucket_')) {
    return {
      message: 'The bucket can’t be reached right now. Nothing is lost. Please try again in a minute.',
      code,
    };
  }
  if (code.startsWith('catalog_')) {
    return {
      message: 'RIA Vault cannot read its catalog right now. Nothing is lost. Please try again in a minute.',
      code,
    };
  }
  return {
    message: 'Something went wrong. Please try again. If it stays, tell an admin.',
    code,
  };
}

/** A problem that a person can mend: `message` is one clear sentence that says what to do. */
export class UserError extends Error {
  readonly code: string;
  /** What the person reads, where the log must say less. */
  readonly told: string;

  constructor(code: string, message: string, options: ErrorOptions & { told?: string } = {}) {
    super(message, options);
    this.name = 'UserError';
    this.code = code;
    this.told = options.told ?? message;
  }
}

/** Configuration that cannot work. The process says `message` and ends with exit code 2. */
export class ConfigError extends Error {
  readonly code = 'bad_configuration';
  /** The environment variable at fault. */
  readonly variable: string;

  constructor(variable: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConfigError';
    this.variable = variable;
  }
}

/** The string `code` of any error of ours or of a library's, or `unexpected`. */
export function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'unexpected';
}

/** A problem that a person can solve: `message` is one clear sentence that says what to do. */
export class UserError extends Error {
  readonly code: string;
  /** What the person reads, when the log must say less. */
  readonly told: string;

  constructor(code: string, message: string, options: ErrorOptions & { told?: string } = {}) {
    super(message, options);
    this.name = 'UserError';
    this.code = code;
    this.told = options.told ?? message;
  }
}

/** A failure outside the vault (Slack, the bucket, the network), and whether another try can help. */
export class RetryableError extends Error {
  readonly code: string;
  /** How long we were asked to wait, in ms; null when nobody said. */
  readonly retryAfterMs: number | null;
  /** True when the same call will fail again later. */
  readonly permanent: boolean;

  constructor(
    code: string,
    message: string,
    options: ErrorOptions & {
      retryAfterMs?: number | null | undefined;
      permanent?: boolean | undefined;
    } = {},
  ) {
    super(message, options);
    this.name = 'RetryableError';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.permanent = options.permanent ?? false;
  }
}

/** How long an error asks us to wait, in ms; 0 when it does not say. */
export function waitAskedFor(error: unknown): number {
  return error instanceof RetryableError ? (error.retryAfterMs ?? 0) : 0;
}

/** True for an error after which the same call will fail again later. */
export function isPermanent(error: unknown): boolean {
  return error instanceof RetryableError && error.permanent;
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

/** Something that the configuration names does not answer now. `message` says where to look if that lasts. */
export class AwayError extends ConfigError {}

/** The string `code` of any error of ours or of a library's, or `unexpected`. */
export function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'unexpected';
}
